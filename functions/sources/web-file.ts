/**
 * Reads web files by byte ranges. All ranges belong to one version of the file, requested with a strong validator (RFC
 * 9110, If-Range). If the server has no strong validator or no ranges, the file is read whole once and identified by its
 * hash.
 */
import { collectBytes } from '#core/byte-stream.ts';
import { PermanentFailure, RetryableFailure } from '#core/errors.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { type Clock, ObjectChanged, type Web, type WebResponse } from '#core/ports.ts';
import type { SourceInfo } from '#core/splitter.ts';
import { isEncoded } from './web-content.ts';
import { bodyOf, codeOfRefusal, failureOfStatus, hostOf, sendToWeb, withRetries } from './web-failures.ts';
import { isHashEtag, type WebFileCache } from './web-file-cache.ts';

export interface WebFilePorts {
  readonly web: Web;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  readonly webFiles: WebFileCache;
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly etag?: string;
}

const MAX_BYTES = 10 * 1024 ** 3;
/** Maximum size of a file that is read whole into memory. */
const MAX_WHOLE_BYTES = 32 * 1024 ** 2;

const TIMEOUT_SECONDS = 60;
const MAX_REDIRECTS = 3;

/** Last-Modified is a strong validator only if a second change in the same second is no longer possible. */
const LAST_MODIFIED_AGE_MILLIS = 60_000;

/** Returns `undefined` if the server has no such file. */
export function describeWebFile(ports: WebFilePorts, url: string): Promise<SourceInfo | undefined> {
  return withRetries(ports.clock, async () => {
    // HEAD does not work with URLs signed for GET, and many servers do not announce range support in its response.
    const answer = await requestFile(ports, url, { range: 'bytes=0-0' });
    const info = answer.status === 206 ? rangeInfoOf(answer) : undefined;
    if (info !== undefined) {
      // Read to the end, so that the connection can be reused.
      await collectBytes(bodyOf(url, answer), 1);
      if (info.sizeBytes > MAX_BYTES) throw tooLarge(url, MAX_BYTES);
      return info;
    }
    const bytes = await wholeFile(ports, url, answer);
    return bytes && { sizeBytes: bytes.length, etag: ports.webFiles.add(url, bytes), isReadWhole: true };
  });
}

/** Returns the bytes from `from` to before `to`. Throws `ObjectChanged` if the file no longer has this etag. */
export function readWebFile(
  ports: WebFilePorts,
  url: string,
  range?: Range,
): Promise<Uint8Array | undefined> {
  return withRetries(ports.clock, async () => {
    if (range !== undefined && !isHashEtag(range.etag)) return readRange(ports, url, range);
    const cached = ports.webFiles.get(url, range?.etag);
    const bytes = cached ?? (await wholeFile(ports, url, await requestFile(ports, url, {})));
    if (bytes === undefined || range === undefined) return bytes;
    if (cached === undefined && ports.webFiles.add(url, bytes) !== range.etag)
      throw new ObjectChanged(hostOf(url));
    return bytes.subarray(range.from, range.to);
  });
}

function requestFile({ web, signal }: WebFilePorts, url: string, headers: Record<string, string>) {
  const request = { url, headers, timeoutSeconds: TIMEOUT_SECONDS, maxRedirects: MAX_REDIRECTS };
  return sendToWeb(web, signal === undefined ? request : { ...request, signal });
}

/** Returns `undefined` if ranges of one version cannot be requested. */
function rangeInfoOf({ headers }: WebResponse): SourceInfo | undefined {
  const total = /^bytes 0-0\/(\d{1,15})$/.exec(headers['content-range'] ?? '')?.[1];
  const etag = validatorIn(headers);
  return total === undefined || etag === undefined || isEncoded(headers)
    ? undefined
    : { sizeBytes: Number(total), etag };
}

/** Returns a validator for If-Range. A weak tag may stay the same although bytes change. */
function validatorIn(headers: WebResponse['headers']): string | undefined {
  const { etag, date = '', 'last-modified': modified = '' } = headers;
  if (etag?.startsWith('"') === true) return etag;
  const age = Date.parse(date) - Date.parse(modified);
  return age >= LAST_MODIFIED_AGE_MILLIS ? modified : undefined;
}

async function readRange(
  ports: WebFilePorts,
  url: string,
  { from, to, etag }: Range,
): Promise<Uint8Array | undefined> {
  if (to <= from) return new Uint8Array();
  const asks = { range: `bytes=${from}-${to - 1}`, ...omitUndefined({ 'if-range': etag }) };
  const answer = await requestFile(ports, url, asks);
  const { status, headers } = answer;
  const isOther = etag !== undefined && headers['etag'] !== etag && headers['last-modified'] !== etag;
  if (status === 206 && !isOther) return bytesOfRange(url, answer, { from, to });
  answer.close();
  if (status === 404 || status === 410) return undefined;
  if (status === 416 || ((status === 200 || status === 206) && isOther)) throw new ObjectChanged(hostOf(url));
  if (status !== 200) throw refusal(ports, url, answer);
  throw new PermanentFailure(
    'ranges-unsupported',
    `${hostOf(url)} returned the whole file instead of the requested range. Upload the file instead (POST …/uploads).`,
  );
}

async function bytesOfRange(url: string, answer: WebResponse, { from, to }: Range): Promise<Uint8Array> {
  const [, first, last, total] =
    /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(answer.headers['content-range'] ?? '') ?? [];
  const end = Number(last) + 1;
  // A shorter range is valid only at the end of the file.
  if (Number(first) !== from || (end !== to && end !== Number(total)) || isEncoded(answer.headers)) {
    answer.close();
    throw new PermanentFailure(
      'ranges-unsupported',
      `${hostOf(url)} returned a different range than requested. Upload the file instead (POST …/uploads).`,
    );
  }
  const bytes = await collectBytes(bodyOf(url, answer), end - from);
  if (bytes !== 'too-large' && bytes.length === end - from) return bytes;
  throw new RetryableFailure(
    'web-unavailable',
    `${hostOf(url)} returned a different number of bytes than announced`,
  );
}

/** Returns the whole file, for a request without a range or a server without ranges. */
async function wholeFile(
  ports: WebFilePorts,
  url: string,
  first: WebResponse,
): Promise<Uint8Array | undefined> {
  const isRange = first.status === 206 || first.status === 416;
  if (isRange) first.close();
  const answer = isRange ? await requestFile(ports, url, {}) : first;
  const { status, headers } = answer;
  if (status === 200 && Number(headers['content-length'] ?? 0) <= MAX_WHOLE_BYTES) {
    const bytes = await collectBytes(bodyOf(url, answer), MAX_WHOLE_BYTES);
    if (bytes !== 'too-large') return bytes;
  }
  answer.close();
  if (status === 404 || status === 410) return undefined;
  if (status !== 200) throw refusal(ports, url, answer);
  throw tooLarge(url, MAX_WHOLE_BYTES);
}

function refusal({ clock }: WebFilePorts, url: string, answer: WebResponse) {
  return failureOfStatus(url, answer, { code: codeOfRefusal('source', answer.status), now: clock.now() });
}

function tooLarge(url: string, maxBytes: number): PermanentFailure {
  const why =
    maxBytes === MAX_WHOLE_BYTES ? ', and the server supports no byte ranges with a strong ETag' : '';
  return new PermanentFailure(
    'source-too-large',
    `the file at ${hostOf(url)} has more than ${maxBytes} bytes${why}. Upload it instead (POST …/uploads).`,
  );
}
