/** What a job may read: the objects of its own partition in the stack's bucket, and other buckets by IAM. */
import { PermanentFailure } from '#core/errors.ts';
import type { ObjectAddress, Objects } from '#core/ports.ts';
import type { ReadableObjects } from '#core/splitter.ts';
import { readablePrefixes, uploadKey } from './keys.ts';

export function readableObjects(objects: Objects, partition: string, ownBucket: string): ReadableObjects {
  const prefixes = readablePrefixes(partition);

  function permitted(address: ObjectAddress): ObjectAddress {
    if (address.bucket !== undefined && address.bucket !== ownBucket) return address;
    if (prefixes.some((prefix) => address.key.startsWith(prefix))) return { key: address.key };
    throw new PermanentFailure(
      'source-forbidden',
      `'${address.key}' is not readable: in the bucket of the service, partition '${partition}' may read ` +
        `${prefixes.join(', ')}; upload the object (POST …/uploads) or name another bucket`,
    );
  }

  return {
    resolve(source) {
      if (source.startsWith('upload:')) return { key: uploadKey(partition, source.slice('upload:'.length)) };
      const match = /^s3:\/\/([^/]+)\/(.+)$/s.exec(source);
      if (match?.[1] === undefined || match[2] === undefined) {
        throw new PermanentFailure(
          'invalid-definition',
          `source '${source}' is not understood; it must be upload:<id> or s3://bucket/key`,
        );
      }
      return permitted({ bucket: match[1], key: match[2] });
    },
    get: async (address, range) => objects.get(permitted(address), range),
    describe: async (address) => objects.describe(permitted(address)),
    list: async (address, options) => {
      const { bucket, key } = permitted(address);
      return objects.list(key, { ...options, ...(bucket === undefined ? {} : { bucket }) });
    },
  };
}
