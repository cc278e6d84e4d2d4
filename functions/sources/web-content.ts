/** Decodes the body of a web response: its Content-Encoding, and the charset of its text. */
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as zlib from 'node:zlib';
import { decodeText, encodingOfText } from '#core/decode-text.ts';
import { PermanentFailure } from '#core/errors.ts';
import type { WebResponse } from '#core/ports.ts';
import { decodersOf } from './text-decoder.ts';

type Headers = WebResponse['headers'];

/** Returns the encodings in the order in which the server applied them. */
function encodingsIn(headers: Headers): string[] {
  const names = (headers['content-encoding'] ?? '').toLowerCase().split(',');
  return names.map((name) => name.trim()).filter((name) => name !== '' && name !== 'identity');
}

/** True if the bytes of the response are not those of the content. */
export function isEncoded(headers: Headers): boolean {
  return encodingsIn(headers).length > 0;
}

/** Yields the content of a response without its Content-Encoding. `host` names the server in failures. */
export function decodedBody(
  host: string,
  headers: Headers,
  body: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  return encodingsIn(headers).reduceRight((bytes, encoding) => withoutEncoding(host, encoding, bytes), body);
}

async function* withoutEncoding(
  host: string,
  encoding: string,
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const reader = body[Symbol.asyncIterator]();
  const head = await readHead(reader);
  // The response to a HEAD request has the header, but no bytes to decode.
  if (head.length === 0) return;
  const decoder = decoderOf(host, encoding, head);
  const source = new EncodedSource(head, reader);
  const copied = pipeline(Readable.from(source.read(), { objectMode: false }), decoder);
  // The consumer receives the error from the decoder.
  copied.catch(() => undefined);
  try {
    yield* decoder as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw source.error ?? undecodable(host, encoding, error);
  }
}

/** Keeps the error of the source, because the decoder ends with that error too. */
class EncodedSource {
  error: unknown;
  readonly #head: Uint8Array;
  readonly #reader: AsyncIterator<Uint8Array>;

  constructor(head: Uint8Array, reader: AsyncIterator<Uint8Array>) {
    this.#head = head;
    this.#reader = reader;
  }

  async *read(): AsyncGenerator<Uint8Array> {
    try {
      for (let bytes: Uint8Array | undefined = this.#head; bytes !== undefined; bytes = await this.#next())
        yield bytes;
    } finally {
      await this.#reader.return?.();
    }
  }

  async #next(): Promise<Uint8Array | undefined> {
    try {
      const { value, done } = await this.#reader.next();
      return done === true ? undefined : value;
    } catch (error) {
      this.error = error;
      throw error;
    }
  }
}

/** Reads two bytes, which identify the two forms of deflate. */
async function readHead(reader: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  while (sizeBytes < 2) {
    const { value, done } = await reader.next();
    if (done === true) break;
    pieces.push(value);
    sizeBytes += value.length;
  }
  return Buffer.concat(pieces);
}

function decoderOf(host: string, encoding: string, head: Uint8Array): Transform {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip();
    case 'br':
      return zlib.createBrotliDecompress();
    case 'deflate':
      return isZlib(head) ? zlib.createInflate() : zlib.createInflateRaw();
    case 'zstd':
      return zlib.createZstdDecompress();
  }
  throw new PermanentFailure(
    'encoding-unsupported',
    `${host} sends the Content-Encoding '${encoding.slice(0, 100)}'; supported: gzip, br, deflate, zstd. Send an Accept-Encoding header with one of these, or upload the file (POST …/uploads).`,
  );
}

/** By RFC 9110, deflate is a zlib stream, but some servers send the deflated bytes alone. */
function isZlib([first = 0, second = 0]: Uint8Array): boolean {
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0;
}

function undecodable(host: string, encoding: string, error: unknown): PermanentFailure {
  const reason = error instanceof Error ? error.message : String(error);
  return new PermanentFailure(
    'encoding-broken',
    `the response of ${host} is not valid ${encoding}, as its Content-Encoding states: ${reason}`,
    { cause: error },
  );
}

const UTF8 = 'utf-8';
const CHARSET = /;\s*charset\s*=\s*"?([^\s";]{1,100})/i;

export type TextOfAnswer =
  | { readonly kind: 'text'; readonly text: string }
  /** `reason` continues a sentence about the response. */
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Decodes the text of a response by its byte order mark, else by the charset of its Content-Type, else as UTF-8. */
export async function textOfAnswer(headers: Headers, bytes: Uint8Array): Promise<TextOfAnswer> {
  const charset = CHARSET.exec(headers['content-type'] ?? '')?.[1];
  const newDecoder = await decodersOf(encodingOfText(bytes, charset ?? UTF8) ?? UTF8);
  const decoded = decodeText(bytes, charset, () => newDecoder({ fatal: true }));
  switch (decoded.kind) {
    case 'text':
      return decoded;
    case 'unknown-encoding':
      return { kind: 'unreadable', reason: `declares the charset '${decoded.encoding}', which is unknown` };
    case 'invalid': {
      const declared = charset === undefined ? ', and its Content-Type declares no charset' : '';
      const reason = `is not valid ${decoded.encoding.toUpperCase()} at byte ${decoded.at}${declared}`;
      return { kind: 'unreadable', reason };
    }
  }
}

/** Returns the text for a message. Invalid bytes become U+FFFD. */
export async function shownText(headers: Headers, bytes: Uint8Array): Promise<string> {
  const decoded = await textOfAnswer(headers, bytes);
  return decoded.kind === 'text' ? decoded.text : new TextDecoder().decode(bytes);
}
