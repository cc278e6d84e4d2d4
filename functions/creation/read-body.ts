import { refusal } from '#contract/problem.ts';
import { decodeText } from '#core/decode-text.ts';
import { jsonFault } from './inspect-json.ts';

const MAX_BODY_BYTES = 1024 * 1024;

export interface SentBody {
  readonly body: string | null;
  readonly isBase64Encoded?: boolean;
}

/**
 * Returns the JSON of a request, or `undefined` for an empty body. The content type is ignored. Gateways encode a body
 * in base64 if they take it for binary data.
 */
export function readBody(sent: SentBody): unknown {
  const text = textOf(sent).trim();
  if (text === '') return undefined;
  const value = parse(text);
  const fault = text.isWellFormed() ? jsonFault(text) : { pointer: '', detail: 'is not valid Unicode' };
  if (fault === undefined) return value;
  const { pointer, detail } = fault;
  throw refusal('invalid-request', `the body is not accepted: ${pointer === '' ? 'it' : pointer} ${detail}`, {
    errors: [{ pointer, detail }],
  });
}

function textOf({ body, isBase64Encoded }: SentBody): string {
  if (body === null || body === undefined || body === '') return '';
  if (isBase64Encoded !== true) {
    checkSize(Buffer.byteLength(body));
    return body;
  }
  checkSize(Math.floor((body.length * 3) / 4) - 2);
  const bytes = Buffer.from(body, 'base64');
  checkSize(bytes.length);
  const decoded = decodeText(bytes);
  if (decoded.kind === 'text') return decoded.text;
  const location = decoded.kind === 'invalid' ? ` at byte ${decoded.at}` : '';
  const detail = `is not valid ${decoded.encoding.toUpperCase()}${location}`;
  throw refusal('invalid-request', `the body ${detail}; send JSON in UTF-8`, {
    errors: [{ pointer: '', detail }],
  });
}

function checkSize(sizeBytes: number): void {
  if (sizeBytes <= MAX_BODY_BYTES) return;
  throw refusal(
    'too-large',
    `the body has ${sizeBytes} bytes; at most ${MAX_BODY_BYTES} are allowed; upload larger inputs with POST …/uploads`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw refusal('invalid-request', `the body is not JSON: ${reason}`, { cause: error });
  }
}
