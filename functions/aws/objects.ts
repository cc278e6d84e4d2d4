import type { BucketName, ObjectAddress, ObjectPrefix } from '#core/object-address.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import {
  type ListedObject,
  ObjectChanged,
  ObjectForbidden,
  type ObjectInfo,
  type Objects,
} from '#core/ports.ts';
import { codeOf, type ObjectAt, type S3Calls, statusOf } from './calls.ts';
import { retryWhen } from './retry.ts';

const MAX_DELETES = 1000;

/** 10,000 parts of this size are 160 GB. Two parts are in memory while they are sent. */
const STREAM_PART_BYTES = 16 * 1024 * 1024;
const PARALLEL_PARTS = 2;

/** Sorts after every key that begins with `prefix`, because the last code point sorts after all others. */
const END_OF_PREFIX = '\u{10FFFF}';

export function s3Objects(s3: S3Calls, bucket: BucketName): Objects {
  const at = (address: ObjectAddress): ObjectAt => ({ bucket: address.bucket ?? bucket, key: address.key });

  async function describe(address: ObjectAddress): Promise<ObjectInfo | undefined> {
    const head = await undefinedIfMissing(address, s3.head(at(address)));
    return head && { key: address.key, ...head };
  }

  return {
    describe,

    async put(key, body, options) {
      await s3.put(at({ key }), bytesOf(body), { contentType: options?.contentType });
    },

    async putIfAbsent(key, body, options) {
      const write = () =>
        s3.put(at({ key }), bytesOf(body), { contentType: options?.contentType, ifNoneMatch: '*' });
      try {
        // 409: another write of this key is in progress. Only a retry shows which one was first.
        await retryWhen(hasStatus(409), write);
        return 'written';
      } catch (error) {
        if (hasStatus(412)(error)) return 'exists';
        throw error;
      }
    },

    async putStream(key, body, { contentType } = {}) {
      const counted = { sizeBytes: 0 };
      const options = { contentType, partBytes: STREAM_PART_BYTES, parallel: PARALLEL_PARTS };
      await s3.upload(at({ key }), measured(body, counted), options);
      const { sizeBytes } = counted;
      const isOneRequest = sizeBytes < STREAM_PART_BYTES;
      return { sizeBytes, requests: isOneRequest ? 1 : Math.ceil(sizeBytes / STREAM_PART_BYTES) + 2 };
    },

    async get(address, range) {
      if (range && range.from >= range.to) return emptyRange(await describe(address), range.etag);
      try {
        return await undefinedIfMissing(address, s3.get(at(address), rangeInput(range)));
      } catch (error) {
        if (hasStatus(412)(error)) throw changed(address.key, range?.etag);
        // The range begins after the end of the object.
        if (hasStatus(416)(error)) return new Uint8Array();
        throw error;
      }
    },

    list: (prefix, options) => listPage(s3, prefix, { bucket, ...options }),

    async delete(keys) {
      for (let start = 0; start < keys.length; start += MAX_DELETES) {
        await deleteAll(s3, bucket, keys.slice(start, start + MAX_DELETES));
      }
    },
  };
}

function bytesOf(body: string | Uint8Array): Uint8Array {
  return typeof body === 'string' ? Buffer.from(body) : body;
}

async function listPage(
  s3: S3Calls,
  prefix: ObjectPrefix,
  options: { bucket: BucketName; after?: string; limit?: number; delimiter?: '/' },
): Promise<{ objects: readonly ListedObject[]; next?: string }> {
  const { objects, folders, isTruncated } = await s3.list({ prefix, ...options });
  return isTruncated ? { objects, next: startOfNext(objects.at(-1)?.key, folders.at(-1)) } : { objects };
}

async function deleteAll(s3: S3Calls, bucket: BucketName, keys: readonly string[]): Promise<void> {
  const failures = await s3.delete(bucket, keys);
  const [first] = failures;
  if (first === undefined) return;
  throw new Error(
    `${failures.length} objects were not deleted; the first is '${first.key}': ${first.code} ${first.message}`,
  );
}

function rangeInput(range: { from: number; to: number; etag?: string } | undefined) {
  if (range === undefined) return {};
  const { from, to, etag } = range;
  return { range: `bytes=${from}-${to - 1}`, ...omitUndefined({ ifMatch: etag }) };
}

/** HTTP has no empty range: S3 would return the whole object. */
function emptyRange(found: ObjectInfo | undefined, etag: string | undefined): Uint8Array | undefined {
  if (found === undefined) return undefined;
  if (etag !== undefined && found.etag !== etag) throw changed(found.key, etag);
  return new Uint8Array();
}

function changed(key: string, etag: string | undefined): ObjectChanged {
  return new ObjectChanged(`object '${key}' is no longer the one with etag ${etag}`);
}

/**
 * Returns the start of the next page: after the last key of this one, or after all keys of its last folder.
 */
function startOfNext(key: string | undefined, folder: string | undefined): string {
  if (folder === undefined) return key ?? '';
  if (key !== undefined && Buffer.compare(Buffer.from(key), Buffer.from(folder)) > 0) return key;
  return `${folder}${END_OF_PREFIX}`;
}

function hasStatus(status: number): (error: unknown) => boolean {
  return (error) => statusOf(error) === status;
}

async function* measured(
  body: AsyncIterable<Uint8Array>,
  counted: { sizeBytes: number },
): AsyncGenerator<Uint8Array> {
  for await (const bytes of body) {
    counted.sizeBytes += bytes.length;
    yield bytes;
  }
}

/**
 * Returns `undefined` if the object is missing. A missing bucket is an error of the caller or of the stack,
 * and is thrown.
 */
async function undefinedIfMissing<T>(
  { bucket, key }: ObjectAddress,
  answer: Promise<T>,
): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isDenied(error)) {
      const place = bucket === undefined ? key : `s3://${bucket}/${key}`;
      throw new ObjectForbidden(`S3 denies this function access to '${place}'`, { cause: error });
    }
    if (['NoSuchKey', 'NotFound'].includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}

/** A response to HEAD has no body, and therefore no code. */
function isDenied(error: unknown): boolean {
  const code = codeOf(error) ?? '';
  return code === 'AccessDenied' || (statusOf(error) === 403 && ['403', 'Unknown'].includes(code));
}
