/**
 * What DynamoDB and SQS bill, estimated from sizes by their documented rules. The memory adapters bill by it, and the
 * AWS adapter where an answer does not tell.
 */

const WRITE_UNIT_BYTES = 1024;
const READ_UNIT_BYTES = 4 * 1024;
const REQUEST_BYTES = 64 * 1024;
/** Of a list or a map, and of each of its elements. */
const CONTAINER_BYTES = 3;
const ELEMENT_BYTES = 1;

/** `bytes` is the larger of the row before and after; in a transaction each row is written twice. */
export function writeUnits(bytes: number, options: { transaction?: boolean } = {}): number {
  return Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES)) * (options.transaction === true ? 2 : 1);
}

/** `bytes` is all that was read by one request; a read that may be stale costs half. */
export function readUnits(bytes: number, options: { strong?: boolean } = {}): number {
  return Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (options.strong === true ? 1 : 0.5);
}

export function bodyBytes(messages: readonly { readonly body: string }[]): number {
  return messages.reduce((bytes, message) => bytes + utf8Bytes(message.body), 0);
}

/** Requests that one SendMessageBatch is billed as; `bytes` are those of its bodies. */
export function sendRequests(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / REQUEST_BYTES));
}

/** Requests that receiving and deleting messages costs, ten at a time. */
export function receivedRequests(messages: number): number {
  return 2 * Math.ceil(messages / 10);
}

/** Size of an item: the names and values of its attributes. */
export function rowBytes(row: Readonly<Record<string, unknown>>): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(row)) {
    if (value !== undefined) bytes += utf8Bytes(name) + valueBytes(value);
  }
  return bytes;
}

export function valueBytes(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return utf8Bytes(value);
    case 'number':
    case 'bigint':
      return numberBytes(value);
    case 'object':
      return value === null ? 1 : containerBytes(value);
    default:
      return 1;
  }
}

function containerBytes(value: object): number {
  if (value instanceof Uint8Array) return value.length;
  let bytes = 0;
  if (value instanceof Set) {
    for (const element of value) bytes += valueBytes(element);
    return bytes;
  }
  bytes = CONTAINER_BYTES;
  if (Array.isArray(value)) {
    for (const element of value) bytes += ELEMENT_BYTES + valueBytes(element);
    return bytes;
  }
  for (const [name, element] of Object.entries(value)) {
    if (element !== undefined) bytes += ELEMENT_BYTES + utf8Bytes(name) + valueBytes(element);
  }
  return bytes;
}

/** One byte for each two significant digits, one more, and one for the sign of a negative number. */
export function numberBytes(value: number | bigint): number {
  // Positions in a page are nearly all the numbers there are; they need no text.
  if (isPosition(value)) return value < 100 || Number(value) % 10 === 0 ? 2 : 3;
  const [mantissa = ''] = String(value).split('e');
  const digits = mantissa.replace(/[-.]/g, '').replace(/^0+|0+$/g, '');
  return 1 + Math.ceil(digits.length / 2) + (value < 0 ? 1 : 0);
}

function isPosition(value: number | bigint): boolean {
  return value > 0 && value < 1000 && (typeof value === 'bigint' || Number.isInteger(value));
}

/** Bytes of a text in UTF-8. Counted by hand: encoding it only to measure it would copy every message. */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    // Each half of a pair counts two of its four bytes; a lone half is sent as U+FFFD, three bytes.
    bytes += unit < 0x800 || isHalfOfPair(text, i, unit) ? 1 : 2;
  }
  return bytes;
}

function isHalfOfPair(text: string, i: number, unit: number): boolean {
  if (unit < 0xd800 || unit > 0xdfff) return false;
  const other = unit < 0xdc00 ? text.charCodeAt(i + 1) : text.charCodeAt(i - 1);
  return unit < 0xdc00 ? other >= 0xdc00 && other <= 0xdfff : other >= 0xd800 && other < 0xdc00;
}
