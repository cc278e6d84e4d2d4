/** The form of a token, checked before any key or claim is looked at. */
import { jsonFault } from '../../creation/inspect-json.ts';

/** A reason to refuse a token. It says what is wrong and never quotes the token, since it is sent back and logged. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
}

type JsonObject = Readonly<Record<string, unknown>>;

export interface SentToken {
  /** Header, payload and signature as they were sent. */
  readonly parts: readonly string[];
  /** The JSON texts of header and payload. */
  readonly texts: readonly string[];
  readonly header: JsonObject;
  readonly payload: JsonObject;
}

/** Returns the reason to refuse the token, or `undefined`. */
export type FormCheck = (token: SentToken) => string | undefined;

/** The library knows more algorithms; these two are what the service promises. */
const ALGORITHMS = ['RS256', 'ES256'];

const PART_NAMES = ['header', 'payload', 'signature'];

/** The last second of the year 9999. */
const MAX_TIME_SECONDS = 253_402_300_799;

/** In this order; each can be left out by a test that shows what it is good for. */
export const FORM_CHECKS: Readonly<Record<string, FormCheck>> = {
  /** One token has one spelling: no padding, no whitespace, no bits that base64url leaves unused. */
  canonicalParts: ({ parts }) => {
    const wrong = parts.findIndex((part) => part === '' || bytesOf(part).toString('base64url') !== part);
    if (wrong === -1) return undefined;
    return `the ${PART_NAMES[wrong]} of the token is not base64url in its canonical form, which has no padding`;
  },
  strictJson: ({ texts }) => {
    const faults = texts.map((text) => (text.isWellFormed() ? jsonFault(text)?.detail : 'is not Unicode'));
    const wrong = faults.findIndex((fault) => fault !== undefined);
    if (wrong === -1) return undefined;
    return `the ${PART_NAMES[wrong]} of the token is not strict JSON: a member of it ${faults[wrong]}`;
  },
  /** RFC 7515: a critical extension that the recipient does not understand makes the token invalid. */
  noCriticalExtension: ({ header }) =>
    'crit' in header
      ? 'the header of the token has crit; this API supports no critical extensions'
      : undefined,
  encodedPayload: ({ header }) =>
    'b64' in header
      ? 'the header of the token has b64; send the payload as base64url, without b64'
      : undefined,
  allowedAlgorithm: ({ header }) =>
    ALGORITHMS.includes(String(header['alg']))
      ? undefined
      : `the algorithm (alg) of the token is not one of ${ALGORITHMS.join(', ')}`,
  namedKey: ({ header: { kid } }) =>
    typeof kid === 'string' && kid !== ''
      ? undefined
      : 'the header of the token lacks kid, which names the key of the issuer',
  times: ({ payload }) => {
    const wrong = ['exp', 'iat', 'nbf'].find((claim) => claim in payload && !isTime(payload[claim]));
    return wrong === undefined
      ? undefined
      : `the claim ${wrong} of the token is not a number of seconds since 1970`;
  },
  audienceIsText: ({ payload: { aud } }) =>
    aud === undefined || [aud].flat().every((one) => typeof one === 'string')
      ? undefined
      : 'the claim aud of the token is not a string or a list of strings',
};

/** Takes a token apart, as far as that is possible without trust. */
export function readToken(token: string): SentToken {
  const parts = token.split('.');
  if (parts.length !== PART_NAMES.length) {
    throw new TokenRefused('the token is not a JWT of three parts (header.payload.signature)');
  }
  const texts = parts.slice(0, 2).map(textOf);
  const [header, payload] = texts.map(objectOf);
  if (header === undefined || payload === undefined) throw new Error('a token lost a part');
  return { parts, texts, header, payload };
}

function bytesOf(part: string): Buffer {
  return Buffer.from(part, 'base64url');
}

function textOf(part: string, index: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytesOf(part));
  } catch {
    throw new TokenRefused(`the ${PART_NAMES[index]} of the token is not UTF-8`);
  }
}

function objectOf(text: string, index: number): JsonObject {
  const refused = new TokenRefused(`the ${PART_NAMES[index]} of the token is not a JSON object`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refused;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused;
  return value as JsonObject;
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= MAX_TIME_SECONDS;
}
