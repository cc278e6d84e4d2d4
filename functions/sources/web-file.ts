/**
 * Files of the web as what splitters and workers read by ranges. Every range is of one version of the file: the server
 * is asked for it by a strong validator (RFC 9110, If-Range), and where it has none, or gives no ranges, the file is
 * read whole, once, and its hash is what names the version.
 */
import { collected } from '#core/byte-stream.ts';
import { PermanentFailure, RetryableFailure } from '#core/errors.ts';
import { type Clock, ObjectChanged, type Web, type WebAnswer } from '#core/ports.ts';
import type { SourceInfo } from '#core/splitter.ts';
import { bodyOf, codeOfRefusal, failureOfStatus, hostOf, withRetries, sendToWeb } from './web-failures.ts';
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
/** Of a file that is held in memory. */
const MAX_WHOLE_BYTES = 32 * 1024 ** 2;

const TIMEOUT_SECONDS = 60;
const MAX_REDIRECTS = 3;

/** A time of change names a version only if another change in the same second is past. */
const LAST_MODIFIED_AGE_MILLIS = 60_000;

/** `undefined` where the server has no such file. */
export function describeWebFile(ports: WebFilePorts, url: string): Promise<SourceInfo | undefined> {
  return withRetries(async () => {
    // Not HEAD: addresses that are signed for GET refuse it, and many servers do not tell there whether they give ranges.
    const answer = await requestFile(ports, url, { range: 'bytes=0-0' });
    const info = answer.status === 206 ? rangeInfoOf(answer) : undefined;
    if (info !== undefined) {
      // Read to its end, so that the connection serves the next request.
      await collected(bodyOf(url, answer), 1);
      if (info.sizeBytes > MAX_BYTES) throw tooLarge(url, MAX_BYTES);
      return info;
    }
    const bytes = await wholeFile(ports, url, answer);
    return bytes && { sizeBytes: bytes.length, etag: ports.webFiles.add(url, bytes), isReadWhole: true };
  });
}

/** The bytes from `from` to before `to`. Throws `ObjectChanged` where the file is no longer the one of the etag. */
export function readWebFile(
  ports: WebFilePorts,
  url: string,
  range?: Range,
): Promise<Uint8Array | undefined> {
  return withRetries(async () => {
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

/** `undefined` where ranges of one version cannot be asked for. */
function rangeInfoOf({ headers }: WebAnswer): SourceInfo | undefined {
  const total = /^bytes 0-0\/(\d{1,15})$/.exec(headers['content-range'] ?? '')?.[1];
  const etag = validatorIn(headers);
  return total === undefined || etag === undefined || isEncoded(headers)
    ? undefined
    : { sizeBytes: Number(total), etag };
}

/** What If-Range takes; a weak tag may stay the same where bytes change. */
function validatorIn(headers: WebAnswer['headers']): string | undefined {
  const { etag, date = '', 'last-modified': modified = '' } = headers;
  if (etag?.startsWith('"') === true) return etag;
  const age = Date.parse(date) - Date.parse(modified);
  return age >= LAST_MODIFIED_AGE_MILLIS ? modified : undefined;
}

function isEncoded(headers: WebAnswer['headers']): boolean {
  return (headers['content-encoding'] ?? 'identity') !== 'identity';
}

async function readRange(
  ports: WebFilePorts,
  url: string,
  { from, to, etag }: Range,
): Promise<Uint8Array | undefined> {
  if (to <= from) return new Uint8Array();
  const asks = { range: `bytes=${from}-${to - 1}`, ...(etag === undefined ? {} : { 'if-range': etag }) };
  const answer = await requestFile(ports, url, asks);
  const { status, headers } = answer;
  const isOther = etag !== undefined && headers['etag'] !== etag && headers['last-modified'] !== etag;
  if (status === 206 && !isOther) return bytesOfRange(url, answer, { from, to });
  answer.close();
  if (status === 404 || status === 410) return undefined;
  if (status === 416 || ((status === 200 || status === 206) && isOther)) throw new ObjectChanged(hostOf(url));
  if (status !== 200) throw refusal(ports, url, answer);
  throw new RetryableFailure(
    'web-unavailable',
    `${hostOf(url)} gave the whole file instead of a range of it`,
  );
}

async function bytesOfRange(url: string, answer: WebAnswer, { from, to }: Range): Promise<Uint8Array> {
  const [, first, last, total] =
    /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(answer.headers['content-range'] ?? '') ?? [];
  const end = Number(last) + 1;
  // Less than was asked for is all there is only at the end of the file.
  if (Number(first) !== from || (end !== to && end !== Number(total)) || isEncoded(answer.headers)) {
    answer.close();
    throw new PermanentFailure(
      'ranges-unsupported',
      `${hostOf(url)} gave other bytes than those asked for; upload the file instead (POST …/uploads)`,
    );
  }
  const bytes = await collected(bodyOf(url, answer), end - from);
  if (bytes !== 'too-large' && bytes.length === end - from) return bytes;
  throw new RetryableFailure(
    'web-unavailable',
    `${hostOf(url)} gave another number of bytes than it announced`,
  );
}

/** What a server answers that was asked for the whole, or gives no ranges. */
async function wholeFile(
  ports: WebFilePorts,
  url: string,
  first: WebAnswer,
): Promise<Uint8Array | undefined> {
  const isRange = first.status === 206 || first.status === 416;
  if (isRange) first.close();
  const answer = isRange ? await requestFile(ports, url, {}) : first;
  const { status, headers } = answer;
  if (status === 200 && !isEncoded(headers) && Number(headers['content-length'] ?? 0) <= MAX_WHOLE_BYTES) {
    const bytes = await collected(bodyOf(url, answer), MAX_WHOLE_BYTES);
    if (bytes !== 'too-large') return bytes;
  }
  answer.close();
  if (status === 404 || status === 410) return undefined;
  if (status !== 200) throw refusal(ports, url, answer);
  if (!isEncoded(headers)) throw tooLarge(url, MAX_WHOLE_BYTES);
  throw new PermanentFailure(
    'source-encoded',
    `${hostOf(url)} sends the file encoded as '${headers['content-encoding']}', which it was not asked for; upload it instead (POST …/uploads)`,
  );
}

function refusal({ clock }: WebFilePorts, url: string, answer: WebAnswer) {
  return failureOfStatus(url, answer, { code: codeOfRefusal('source', answer.status), now: clock.now() });
}

function tooLarge(url: string, maxBytes: number): PermanentFailure {
  const why = maxBytes === MAX_WHOLE_BYTES ? ', and the server gives no byte ranges with a strong ETag' : '';
  return new PermanentFailure(
    'source-too-large',
    `the file at ${hostOf(url)} has more than ${maxBytes} bytes${why}; upload it instead (POST …/uploads)`,
  );
}
