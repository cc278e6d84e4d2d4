/**
 * Requests below a prefix of a bucket. Objects appear atomically, so none is unsettled. Jobs read the files directly
 * from the bucket.
 */
import { refusal } from '#contract/problem.ts';
import {
  type BucketName,
  type ObjectKey,
  type ObjectPrefix,
  objectKeyProblem,
  parseObjectKey,
} from '#core/object-address.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { type Log, ObjectChanged, type Objects } from '#core/ports.ts';
import { keyBelow } from '../store/object-keys.ts';
import {
  distinctName,
  FULL_MARK,
  FULL_NOTE,
  isRequestName,
  type Listing,
  MAX_REQUEST_BYTES,
  type NamedFile,
  processedName,
  type RequestFile,
  reasonName,
  type Source,
} from './source.ts';

export interface BucketLocation {
  /** Bucket name in the URLs of jobs. */
  readonly bucket: BucketName;
  /** Ends with `/`. */
  readonly prefix: ObjectPrefix;
}

/** S3 has no move operation, so the scanner copies the object through memory. */
const MAX_MOVED_BYTES = 4 * MAX_REQUEST_BYTES;
const JSON_TYPE = { contentType: 'application/json' };

/** Creates the source. `objects` must belong to `bucket`. */
export function bucketSource(objects: Objects, { bucket, prefix }: BucketLocation, log: Log): Source {
  async function list(): Promise<Listing> {
    const requests: RequestFile[] = [];
    let isFull = false;
    let after: string | undefined;
    do {
      const page = await objects.list(prefix, { delimiter: '/', ...omitUndefined({ after }) });
      for (const { key, etag, sizeBytes } of page.objects) {
        const name = key.slice(prefix.length);
        if (name === FULL_MARK) isFull = true;
        if (!isRequestName(name)) continue;
        if (objectKeyProblem(key) !== undefined) {
          log.warn('object skipped: its key is not valid', { key });
          continue;
        }
        if (sizeBytes <= MAX_MOVED_BYTES) requests.push({ name, version: etag, sizeBytes });
        else log.warn('object skipped: it is too large for a request', { key, sizeBytes });
      }
      after = page.next;
    } while (after !== undefined);
    return { requests, unsettled: 0, isFull };
  }

  /** Returns the bytes of exactly this version, or undefined if the object has changed. */
  async function read({ name, version, sizeBytes }: RequestFile): Promise<Uint8Array | undefined> {
    try {
      return await objects.get({ key: keyBelow(prefix, name) }, { from: 0, to: sizeBytes, etag: version });
    } catch (error) {
      if (error instanceof ObjectChanged) return undefined;
      throw error;
    }
  }

  function keyOfFile(path: string): ObjectKey {
    const problem = objectKeyProblem(`${prefix}${path}`);
    if (problem === undefined) return keyBelow(prefix, path);
    throw refusal('invalid-request', `file '${path}' is not accepted: ${problem}`);
  }

  async function find(path: string): Promise<NamedFile | 'missing'> {
    const info = await objects.describe({ key: keyOfFile(path) });
    if (info === undefined) return 'missing';
    return { path, hash: info.etag, sizeBytes: info.sizeBytes };
  }

  /** Returns the final key of the request. Adds a distinction if another request already has the name. */
  async function targetKeyOf({ name, version }: RequestFile, folder: string): Promise<ObjectKey> {
    const fileName = processedName(name);
    const targetKey = keyBelow(prefix, `${folder}/${fileName}`);
    const existingObject = await objects.describe({ key: targetKey });
    if (existingObject === undefined || existingObject.etag === version) return targetKey;
    return keyBelow(
      prefix,
      `${folder}/${distinctName(fileName, version.replaceAll(/\W/g, '').slice(0, 12))}`,
    );
  }

  return {
    list,
    read,
    find,
    publish: async ({ path }) => `s3://${bucket}/${prefix}${path}`,
    async explain(request, reason) {
      const targetKey = await targetKeyOf(request, 'error');
      await objects.put(
        parseObjectKey(reasonName(targetKey)),
        `${JSON.stringify(reason, undefined, 2)}\n`,
        JSON_TYPE,
      );
    },
    async move(request, to) {
      const bytes = await read(request);
      if (bytes === undefined) return;
      await objects.put(await targetKeyOf(request, to), bytes);
      // An object that replaced it since is another request, so keep that one.
      const existingObject = await objects.describe({ key: keyBelow(prefix, request.name) });
      if (existingObject?.etag === request.version) await objects.delete([keyBelow(prefix, request.name)]);
    },
    markFull: () => objects.put(keyBelow(prefix, FULL_MARK), FULL_NOTE, JSON_TYPE),
    unmarkFull: () => objects.delete([keyBelow(prefix, FULL_MARK)]),
  };
}
