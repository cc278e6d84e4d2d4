import { Readable } from 'node:stream';
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { BucketName, ObjectAddress, ObjectPrefix } from '#core/object-address.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import {
  type ListedObject,
  ObjectChanged,
  ObjectForbidden,
  type ObjectInfo,
  type Objects,
} from '#core/ports.ts';
import { retryWhen } from './retry.ts';

const MAX_DELETES = 1000;

/** 10,000 parts of this size are 160 GB. Two parts are in memory while they are sent. */
const STREAM_PART_BYTES = 16 * 1024 * 1024;
const PARALLEL_PARTS = 2;

/** Sorts after every key that begins with `prefix`, because the last code point sorts after all others. */
const END_OF_PREFIX = '\u{10FFFF}';

export function s3Objects(client: S3Client, bucket: BucketName): Objects {
  const at = (address: ObjectAddress) => ({ Bucket: address.bucket ?? bucket, Key: address.key });

  async function describe(address: ObjectAddress): Promise<ObjectInfo | undefined> {
    const head = await undefinedIfMissing(address, client.send(new HeadObjectCommand(at(address))));
    if (head === undefined) return undefined;
    return { key: address.key, sizeBytes: head.ContentLength ?? 0, etag: head.ETag ?? '' };
  }

  return {
    describe,

    async put(key, body, options) {
      await client.send(new PutObjectCommand({ ...at({ key }), ...content(body, options) }));
    },

    async putIfAbsent(key, body, options) {
      const input = { ...at({ key }), ...content(body, options), IfNoneMatch: '*' };
      try {
        // 409: another write of this key is in progress. Only a retry shows which one was first.
        await retryWhen(hasStatus(409), () => client.send(new PutObjectCommand(input)));
        return 'written';
      } catch (error) {
        if (hasStatus(412)(error)) return 'exists';
        throw error;
      }
    },

    async putStream(key, body, { contentType } = {}) {
      const counted = { sizeBytes: 0 };
      const Body = Readable.from(measured(body, counted), { objectMode: false });
      const params = {
        ...at({ key }),
        Body,
        ...omitUndefined({ ContentType: contentType }),
      };
      // Aborts the upload if any part fails.
      await new Upload({ client, params, partSize: STREAM_PART_BYTES, queueSize: PARALLEL_PARTS }).done();
      const { sizeBytes } = counted;
      const isOneRequest = sizeBytes < STREAM_PART_BYTES;
      return { sizeBytes, requests: isOneRequest ? 1 : Math.ceil(sizeBytes / STREAM_PART_BYTES) + 2 };
    },

    async get(address, range) {
      if (range && range.from >= range.to) return emptyRange(await describe(address), range.etag);
      try {
        const command = new GetObjectCommand({ ...at(address), ...rangeInput(range) });
        const answer = await undefinedIfMissing(address, client.send(command));
        return await answer?.Body?.transformToByteArray();
      } catch (error) {
        if (hasStatus(412)(error)) throw changed(address.key, range?.etag);
        // The range begins after the end of the object.
        if (hasStatus(416)(error)) return new Uint8Array();
        throw error;
      }
    },

    list: (prefix, options) => listPage(client, prefix, { bucket, ...options }),

    async delete(keys) {
      for (let start = 0; start < keys.length; start += MAX_DELETES) {
        await deleteAll(client, bucket, keys.slice(start, start + MAX_DELETES));
      }
    },
  };
}

async function listPage(
  client: S3Client,
  prefix: ObjectPrefix,
  options: { bucket: BucketName; after?: string; limit?: number; delimiter?: '/' },
): Promise<{ objects: readonly ListedObject[]; next?: string }> {
  const { bucket, after, limit, delimiter } = options;
  const answer = await client.send(
    new ListObjectsV2Command({
      Bucket: bucket,
      Prefix: prefix,
      StartAfter: after,
      MaxKeys: limit,
      Delimiter: delimiter,
    }),
  );
  const objects = (answer.Contents ?? []).map(({ Key = '', Size = 0, ETag = '', LastModified }) => ({
    key: Key,
    sizeBytes: Size,
    etag: ETag,
    modifiedTime: LastModified?.getTime() ?? 0,
  }));
  if (answer.IsTruncated !== true) return { objects };
  return { objects, next: startOfNext(objects.at(-1)?.key, answer.CommonPrefixes?.at(-1)?.Prefix) };
}

async function deleteAll(client: S3Client, bucket: BucketName, keys: readonly string[]): Promise<void> {
  const Objects = keys.map((Key) => ({ Key }));
  const { Errors: errors = [] } = await client.send(
    new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
  );
  const [first] = errors;
  if (first === undefined) return;
  throw new Error(
    `${errors.length} objects were not deleted; the first is '${first.Key}': ${first.Code} ${first.Message}`,
  );
}

function content(body: string | Uint8Array, { contentType }: { contentType?: string } = {}) {
  return {
    // The SDK treats an empty string as a stream of unknown length.
    Body: body === '' ? new Uint8Array() : body,
    ...omitUndefined({ ContentType: contentType }),
  };
}

function rangeInput(range: { from: number; to: number; etag?: string } | undefined) {
  if (range === undefined) return {};
  const { from, to, etag } = range;
  return { Range: `bytes=${from}-${to - 1}`, ...omitUndefined({ IfMatch: etag }) };
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
  return (error) => error instanceof S3ServiceException && error.$metadata.httpStatusCode === status;
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
    const isMissing = error instanceof S3ServiceException && ['NoSuchKey', 'NotFound'].includes(error.name);
    if (isMissing) return undefined;
    throw error;
  }
}

/** A response to HEAD has no body, so the SDK names the error after the status. */
function isDenied(error: unknown): boolean {
  return error instanceof S3ServiceException && ['AccessDenied', 'Forbidden', '403'].includes(error.name);
}
