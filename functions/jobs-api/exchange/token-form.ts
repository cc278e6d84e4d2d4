/** Checks the form of a token before its signature and claims. */
import { jsonFault } from '../../creation/inspect-json.ts';

/** Thrown to refuse a token. The message never quotes the token, because it is sent to the caller and logged. */
export class TokenRefusal extends Error {
  override readonly name = 'TokenRefusal';
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

/** The algorithms that the service supports; the library supports more. */
const ALGORITHMS = ['RS256', 'ES256'];

const PART_NAMES = ['header', 'payload', 'signature'];

/** The last second of the year 9999. */
const MAX_TIME_SECONDS = 253_402_300_799;

/** The checks, in their order. A test leaves each one out to show which tokens it refuses. */
export const FORM_CHECKS: Readonly<Record<string, FormCheck>> = {
  /** Each token has exactly one encoding: no padding, no whitespace, and no unused bits set. */
  canonicalParts: ({ parts }) => {
    const index = parts.findIndex((part) => part === '' || bytesOf(part).toString('base64url') !== part);
    if (index === -1) return undefined;
    return `the ${PART_NAMES[index]} of the token is not base64url in its canonical form, which has no padding`;
  },
  strictJson: ({ texts }) => {
    const faults = texts.map((text) => (text.isWellFormed() ? jsonFault(text)?.detail : 'is not Unicode'));
    const index = faults.findIndex((fault) => fault !== undefined);
    if (index === -1) return undefined;
    return `the ${PART_NAMES[index]} of the token is not strict JSON: a member of it ${faults[index]}`;
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
    const wrongClaim = ['exp', 'iat', 'nbf'].find((claim) => claim in payload && !isTime(payload[claim]));
    return wrongClaim === undefined
      ? undefined
      : `the claim ${wrongClaim} of the token is not a number of seconds since 1970`;
  },
  audienceIsText: ({ payload: { aud } }) =>
    aud === undefined || [aud].flat().every((one) => typeof one === 'string')
      ? undefined
      : 'the claim aud of the token is not a string or a list of strings',
};

/** Parses a token without verifying it. */
export function readToken(token: string): SentToken {
  const parts = token.split('.');
  if (parts.length !== PART_NAMES.length) {
    throw new TokenRefusal('the token is not a JWT of three parts (header.payload.signature)');
  }
  const texts = parts.slice(0, 2).map(textOf);
  const [header, payload] = texts.map(objectOf);
  if (header === undefined || payload === undefined)
    throw new Error('a parsed token lacks its header or payload');
  return { parts, texts, header, payload };
}

function bytesOf(part: string): Buffer {
  return Buffer.from(part, 'base64url');
}

function textOf(part: string, index: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytesOf(part));
  } catch {
    throw new TokenRefusal(`the ${PART_NAMES[index]} of the token is not UTF-8`);
  }
}

function objectOf(text: string, index: number): JsonObject {
  const refusal = new TokenRefusal(`the ${PART_NAMES[index]} of the token is not a JSON object`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refusal;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refusal;
  return value as JsonObject;
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= MAX_TIME_SECONDS;
}
