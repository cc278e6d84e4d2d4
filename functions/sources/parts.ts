/**
 * Reads a part wherever it lies: in the bucket of the stack, in another bucket, in an upload, on the web, or inside a
 * zip archive in one of these places.
 */
import { collected } from '#core/byte-stream.ts';
import { PermanentFailure } from '#core/errors.ts';
import type { Part } from '#core/item.ts';
import type { ObjectAddress } from '#core/object-address.ts';
import { type Clock, ObjectForbidden, type Web } from '#core/ports.ts';
import type { ReadableObjects, SourceAddress } from '#core/splitter.ts';
import type { ArchiveCache } from './archive-cache.ts';
import { objectBlocks, sourceName } from './object-blocks.ts';
import { bodyOf, codeOfRefusal, failureOfStatus, hostOf, sendToWeb } from './web-failures.ts';
import { openEntry, parseEntryUrl } from './zip-entries.ts';

/** Where a part lies: at `key` in the bucket of the stack, or at `url`. */
export type PartPlace = Pick<Part, 'key' | 'url'>;

export interface FetchOptions {
  /** @default 100 MiB */
  readonly maxBytes?: number;
}

export interface PartPorts {
  /** Those that the job's partition may read. */
  readonly objects: ReadableObjects;
  readonly web: Web;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly archives: ArchiveCache;
}

const DEFAULT_MAX_BYTES = 100 * 1024 * 1024;

const WEB_TIMEOUT_SECONDS = 60;
const WEB_STREAM_TIMEOUT_SECONDS = 600;
const MAX_REDIRECTS = 3;

export async function fetchPart(
  ports: PartPorts,
  part: PartPlace,
  { maxBytes = DEFAULT_MAX_BYTES }: FetchOptions = {},
): Promise<Uint8Array> {
  const place = locationOf(ports.objects, part);
  switch (place.kind) {
    case 'object':
      return fetchObject(ports.objects, place.address, maxBytes);
    case 'web':
      return fetchWeb(ports, place.url, maxBytes);
    case 'entry': {
      const entry = await openEntry(ports, place.archive, place.name);
      if (entry.sizeBytes > maxBytes) throw tooLarge(place.name, entry.sizeBytes, maxBytes);
      const bytes = await collected(entry.body, maxBytes);
      if (bytes === 'too-large') throw tooLarge(place.name, undefined, maxBytes);
      return bytes;
    }
  }
}

/** The part as a stream, for what is too large to be held whole. */
export async function openPart(ports: PartPorts, part: PartPlace): Promise<AsyncIterable<Uint8Array>> {
  const place = locationOf(ports.objects, part);
  switch (place.kind) {
    case 'object':
      return openObject(ports.objects, place.address);
    case 'web':
      return bodyOf(place.url, await requestPart(ports, place.url, WEB_STREAM_TIMEOUT_SECONDS));
    case 'entry':
      return (await openEntry(ports, place.archive, place.name)).body;
  }
}

type Location =
  | { readonly kind: 'object'; readonly address: ObjectAddress }
  | { readonly kind: 'web'; readonly url: string }
  | { readonly kind: 'entry'; readonly archive: SourceAddress; readonly name: string };

function locationOf(objects: ReadableObjects, { key, url }: PartPlace): Location {
  if (key !== undefined) return { kind: 'object', address: objects.locate({ key }) };
  if (url === undefined || !/^(upload:|s3:|https?:\/\/)./is.test(url)) {
    throw new PermanentFailure(
      'part-unknown',
      `a part lies at a key, or at a url upload:<id>, s3://bucket/key or https://…; got ${url === undefined ? 'neither' : `'${url.slice(0, 100)}'`}`,
    );
  }
  const entry = parseEntryUrl(url);
  if (entry !== undefined)
    return { kind: 'entry', archive: objects.resolve(entry.archive), name: entry.name };
  const address = objects.resolve(url);
  return 'url' in address ? { kind: 'web', url } : { kind: 'object', address };
}

async function fetchObject(
  objects: ReadableObjects,
  address: ObjectAddress,
  maxBytes: number,
): Promise<Uint8Array> {
  const bytes = await orForbidden(objects.get(address, { from: 0, to: maxBytes + 1 }));
  if (bytes === undefined) throw missing(address);
  if (bytes.length <= maxBytes) return bytes;
  const info = await objects.describe(address);
  throw tooLarge(address.key, info?.sizeBytes, maxBytes);
}

async function openObject(
  objects: ReadableObjects,
  address: ObjectAddress,
): Promise<AsyncIterable<Uint8Array>> {
  const info = await orForbidden(objects.describe(address));
  if (info === undefined) throw missing(address);
  return objectBlocks(objects, address, { from: 0, to: info.sizeBytes, etag: info.etag });
}

async function fetchWeb(ports: PartPorts, url: string, maxBytes: number): Promise<Uint8Array> {
  const answer = await requestPart(ports, url, WEB_TIMEOUT_SECONDS);
  const announced = Number(answer.headers['content-length'] ?? 0);
  if (announced > maxBytes) {
    answer.close();
    throw tooLarge(`the file at ${hostOf(url)}`, announced, maxBytes);
  }
  const bytes = await collected(bodyOf(url, answer), maxBytes);
  if (bytes === 'too-large') throw tooLarge(`the file at ${hostOf(url)}`, undefined, maxBytes);
  return bytes;
}

async function requestPart({ web, signal, clock }: PartPorts, url: string, timeoutSeconds: number) {
  const answer = await sendToWeb(web, { url, timeoutSeconds, signal, maxRedirects: MAX_REDIRECTS });
  if (answer.status === 200) return answer;
  answer.close();
  throw failureOfStatus(url, answer, { code: codeOfRefusal('part', answer.status), now: clock.now() });
}

async function orForbidden<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof ObjectForbidden)) throw error;
    throw new PermanentFailure(
      'source-forbidden',
      `${error.message}; name the bucket in readBuckets of the stack`,
      { cause: error },
    );
  }
}

function missing(address: ObjectAddress): PermanentFailure {
  return new PermanentFailure(
    'part-missing',
    `there is no object '${sourceName(address)}'; was it deleted, or its upload not completed?`,
  );
}

function tooLarge(what: string, sizeBytes: number | undefined, maxBytes: number): PermanentFailure {
  const size = sizeBytes === undefined ? `more than ${maxBytes}` : String(sizeBytes);
  return new PermanentFailure('part-too-large', `'${what}' has ${size} bytes; at most ${maxBytes} are read`);
}
