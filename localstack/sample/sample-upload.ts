import { createHash } from 'node:crypto';
import { DeleteObjectsCommand, PutObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { localClient } from '../local-aws.ts';
import type { SampleDocument } from './sample-documents.ts';

export interface UploadOptions {
  readonly endpoint: string;
  readonly bucket: string;
  /** Ends with `/`. Contains exactly these documents afterwards. */
  readonly prefix: string;
}

const PARALLEL_UPLOADS = 16;
const MAX_DELETES_PER_CALL = 1000;

/**
 * Synchronizes a prefix of the bucket with these documents. Unchanged objects are skipped. Returns the number
 * of uploads.
 */
export async function uploadDocuments(
  documents: readonly SampleDocument[],
  options: UploadOptions,
): Promise<number> {
  const s3 = new S3Client({ ...localClient(options.endpoint), forcePathStyle: true });
  try {
    const existingETags = await listETags(s3, options);
    const wantedKeys = new Set(documents.map(({ path }) => options.prefix + path));
    await deleteObjects(
      s3,
      options.bucket,
      [...existingETags.keys()].filter((key) => !wantedKeys.has(key)),
    );
    const queue = documents.values();
    const workers = Array.from({ length: PARALLEL_UPLOADS }, () =>
      uploadEach(s3, queue, existingETags, options),
    );
    const counts = await Promise.all(workers);
    return counts.reduce((sum, count) => sum + count, 0);
  } finally {
    s3.destroy();
  }
}

/** Uploads documents from the shared queue until it is empty. */
async function uploadEach(
  s3: S3Client,
  queue: IterableIterator<SampleDocument>,
  existingETags: ReadonlyMap<string, string>,
  { bucket, prefix }: UploadOptions,
): Promise<number> {
  let uploadCount = 0;
  for (const { path, contentType, read } of queue) {
    const body = read();
    // The ETag of an object uploaded in one request is the MD5 of its content.
    if (existingETags.get(prefix + path) === createHash('md5').update(body).digest('hex')) continue;
    await s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: prefix + path, Body: body, ContentType: contentType }),
    );
    uploadCount += 1;
  }
  return uploadCount;
}

async function listETags(s3: S3Client, { bucket, prefix }: UploadOptions): Promise<Map<string, string>> {
  const etags = new Map<string, string>();
  for await (const { Contents = [] } of paginateListObjectsV2(
    { client: s3 },
    { Bucket: bucket, Prefix: prefix },
  )) {
    for (const { Key = '', ETag = '' } of Contents) etags.set(Key, ETag.replaceAll('"', ''));
  }
  return etags;
}

async function deleteObjects(s3: S3Client, bucket: string, keys: readonly string[]): Promise<void> {
  for (let start = 0; start < keys.length; start += MAX_DELETES_PER_CALL) {
    const Objects = keys.slice(start, start + MAX_DELETES_PER_CALL).map((Key) => ({ Key }));
    await s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }));
  }
}
