/**
 * Estimates what DynamoDB and SQS bill, from sizes and their documented rules. The memory adapters use it,
 * and the AWS adapter uses it if a response does not contain the cost.
 */

const WRITE_UNIT_BYTES = 1024;
const READ_UNIT_BYTES = 4 * 1024;
const REQUEST_BYTES = 64 * 1024;
/** Overhead of a list or a map, and of each of its elements. */
const CONTAINER_BYTES = 3;
const ELEMENT_BYTES = 1;

/** `bytes` is the larger size of the row before and after. A transaction writes each row twice. */
export function writeUnits(bytes: number, options: { transaction?: boolean } = {}): number {
  return Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES)) * (options.transaction === true ? 2 : 1);
}

/** `bytes` is the total size that one request reads. An eventually consistent read costs half. */
export function readUnits(bytes: number, options: { strong?: boolean } = {}): number {
  return Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (options.strong === true ? 1 : 0.5);
}

export function bodyBytes(messages: readonly { readonly body: string }[]): number {
  return messages.reduce((bytes, message) => bytes + utf8Bytes(message.body), 0);
}

/** Returns the billed requests of one SendMessageBatch or ReceiveMessage with bodies of `bytes` in total. */
export function sendRequests(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / REQUEST_BYTES));
}

/** Returns the billed requests for receiving and deleting messages, ten at a time. */
export function receivedRequests(messages: readonly { readonly body: string }[]): number {
  let requests = 0;
  for (let first = 0; first < messages.length; first += 10) {
    requests += sendRequests(bodyBytes(messages.slice(first, first + 10))) + 1;
  }
  return requests;
}

/** Returns the size of a row: the names and values of its attributes. */
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

/** Returns one byte for each two significant digits, plus one, plus one for a negative sign. */
export function numberBytes(value: number | bigint): number {
  // A fast path for positions in a page, which are nearly all numbers in practice.
  if (isPosition(value)) return value < 100 || Number(value) % 10 === 0 ? 2 : 3;
  const [mantissa = ''] = String(value).split('e');
  const digits = mantissa.replace(/[-.]/g, '').replace(/^0+|0+$/g, '');
  return 1 + Math.ceil(digits.length / 2) + (value < 0 ? 1 : 0);
}

function isPosition(value: number | bigint): boolean {
  return value > 0 && value < 1000 && (typeof value === 'bigint' || Number.isInteger(value));
}

/** Returns the UTF-8 bytes of a string. Encoding every message only to measure it would copy it. */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    // Each half of a surrogate pair counts two of its four bytes. A lone half is sent as U+FFFD, three bytes.
    bytes += unit < 0x800 || isHalfOfPair(text, i, unit) ? 1 : 2;
  }
  return bytes;
}

function isHalfOfPair(text: string, i: number, unit: number): boolean {
  if (unit < 0xd800 || unit > 0xdfff) return false;
  const other = unit < 0xdc00 ? text.charCodeAt(i + 1) : text.charCodeAt(i - 1);
  return unit < 0xdc00 ? other >= 0xdc00 && other <= 0xdfff : other >= 0xd800 && other < 0xdc00;
}
