/**
 * Reads parts from their location: the bucket of the stack, another bucket, an upload, the web, or an entry of a zip archive
 * in one of these.
 */
import { collectBytes } from '#core/byte-stream.ts';
import { PermanentFailure } from '#core/errors.ts';
import type { Part } from '#core/item.ts';
import type { ObjectAddress } from '#core/object-address.ts';
import { type Clock, ObjectForbidden, type Web } from '#core/ports.ts';
import type { ReadableObjects, SourceAddress } from '#core/splitter.ts';
import type { ArchiveCache } from './archive-cache.ts';
import { type EntryName, parseEntryUrl } from './entry-url.ts';
import { objectBlocks, sourceName } from './object-blocks.ts';
import { bodyOf, codeOfRefusal, failureOfStatus, hostOf, sendToWeb } from './web-failures.ts';
import type { OpenEntry } from './zip-entries.ts';

/** Location of a part: a `key` in the bucket of the stack, or a `url`. */
export type PartLocation = Pick<Part, 'key' | 'url'>;

export interface FetchOptions {
  /** Maximum size of the part. @default 100 MiB */
  readonly maxBytes?: number;
}

export interface PartPorts {
  /** Objects that the partition of the job may read. */
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
  part: PartLocation,
  { maxBytes = DEFAULT_MAX_BYTES }: FetchOptions = {},
): Promise<Uint8Array> {
  const place = locationOf(ports.objects, part);
  switch (place.kind) {
    case 'object':
      return fetchObject(ports.objects, place.address, maxBytes);
    case 'web':
      return fetchWeb(ports, place.url, maxBytes);
    case 'entry': {
      const entry = await openEntryOf(ports, place);
      if (entry.sizeBytes > maxBytes) throw tooLarge(place.entry.name, entry.sizeBytes, maxBytes);
      const bytes = await collectBytes(entry.body, maxBytes);
      if (bytes === 'too-large') throw tooLarge(place.entry.name, undefined, maxBytes);
      return bytes;
    }
  }
}

/** Returns the part as a stream, for parts that do not fit into memory. */
export async function openPart(ports: PartPorts, part: PartLocation): Promise<AsyncIterable<Uint8Array>> {
  const place = locationOf(ports.objects, part);
  switch (place.kind) {
    case 'object':
      return openObject(ports.objects, place.address);
    case 'web':
      return bodyOf(place.url, await requestPart(ports, place.url, WEB_STREAM_TIMEOUT_SECONDS));
    case 'entry':
      return (await openEntryOf(ports, place)).body;
  }
}

/** Loads the reader of archives, which few functions need. */
async function openEntryOf(ports: PartPorts, { archive, entry }: EntryLocation): Promise<OpenEntry> {
  const { openEntry } = await import('./zip-entries.ts');
  return openEntry(ports, archive, entry);
}

interface EntryLocation {
  readonly kind: 'entry';
  readonly archive: SourceAddress;
  readonly entry: EntryName;
}

type Location =
  | { readonly kind: 'object'; readonly address: ObjectAddress }
  | { readonly kind: 'web'; readonly url: string }
  | EntryLocation;

function locationOf(objects: ReadableObjects, { key, url }: PartLocation): Location {
  if (key !== undefined) return { kind: 'object', address: objects.locate({ key }) };
  if (url === undefined || !/^(upload:|s3:|https?:\/\/)./is.test(url)) {
    throw new PermanentFailure(
      'part-unknown',
      `not a valid location of a part: ${url === undefined ? 'neither key nor url is set' : `'${url.slice(0, 100)}'`}. Use a key, or a url such as upload:<id>, s3://bucket/key or https://…`,
    );
  }
  const entry = parseEntryUrl(url);
  if (entry !== undefined) return { kind: 'entry', archive: objects.resolve(entry.archive), entry };
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
  const bytes = await collectBytes(bodyOf(url, answer), maxBytes);
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
      `${error.message}; add the bucket to readBuckets of the stack`,
      { cause: error },
    );
  }
}

function missing(address: ObjectAddress): PermanentFailure {
  return new PermanentFailure(
    'part-missing',
    `object '${sourceName(address)}' does not exist. Check whether it was deleted, or its upload was not completed.`,
  );
}

function tooLarge(what: string, sizeBytes: number | undefined, maxBytes: number): PermanentFailure {
  const size = sizeBytes === undefined ? `more than ${maxBytes}` : String(sizeBytes);
  return new PermanentFailure(
    'part-too-large',
    `'${what}' has ${size} bytes; at most ${maxBytes} bytes are allowed`,
  );
}
