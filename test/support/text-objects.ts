/** Objects by plain text, for tests: every key and bucket is parsed on the way. */
import { parseBucketName, parseObjectKey, parseObjectPrefix } from '#core/object-address.ts';
import type { ObjectInfo, Objects } from '#core/ports.ts';

type Parameters1<F extends (...args: never[]) => unknown> =
  Parameters<F> extends [unknown, ...infer Rest] ? Rest : never;

interface ObjectLocation {
  readonly bucket?: string;
  readonly key: string;
}

export interface TextObjects {
  put(key: string, ...rest: Parameters1<Objects['put']>): Promise<void>;
  putIfAbsent(key: string, ...rest: Parameters1<Objects['putIfAbsent']>): ReturnType<Objects['putIfAbsent']>;
  putStream(key: string, ...rest: Parameters1<Objects['putStream']>): ReturnType<Objects['putStream']>;
  get(
    location: ObjectLocation,
    range?: { from: number; to: number; etag?: string },
  ): Promise<Uint8Array | undefined>;
  describe(location: ObjectLocation): Promise<ObjectInfo | undefined>;
  list(
    prefix: string,
    options?: { bucket?: string; after?: string; limit?: number; delimiter?: '/' },
  ): ReturnType<Objects['list']>;
  delete(keys: readonly string[]): Promise<void>;
}

export function textObjects(objects: Objects): TextObjects {
  return {
    put: async (key, ...rest) => objects.put(parseObjectKey(key), ...rest),
    putIfAbsent: async (key, ...rest) => objects.putIfAbsent(parseObjectKey(key), ...rest),
    putStream: async (key, ...rest) => objects.putStream(parseObjectKey(key), ...rest),
    get: async ({ bucket, key }, range) =>
      objects.get({ ...bucketOf(bucket), key: parseObjectKey(key) }, range),
    describe: async ({ bucket, key }) => objects.describe({ ...bucketOf(bucket), key: parseObjectKey(key) }),
    list: async (prefix, { bucket, ...options } = {}) =>
      objects.list(parseObjectPrefix(prefix), { ...options, ...bucketOf(bucket) }),
    delete: async (keys) => objects.delete(keys),
  };
}

function bucketOf(bucket: string | undefined) {
  return bucket === undefined ? {} : { bucket: parseBucketName(bucket) };
}
