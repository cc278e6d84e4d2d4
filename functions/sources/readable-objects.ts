/** What a job may read: objects of its own partition in the stack's bucket, other buckets by IAM, the public web. */
import { PermanentFailure } from '#core/errors.ts';
import type { ObjectAddress, Objects } from '#core/ports.ts';
import type { ReadableObjects } from '#core/splitter.ts';
import { readablePrefixes, uploadKey } from '../store/object-keys.ts';
import { describeWebFile, readWebFile, type WebFilePorts } from './web-file.ts';

export interface ReadablePorts extends WebFilePorts {
  readonly objects: Objects;
  /** Name of the stack's own bucket. */
  readonly bucket: string;
}

export function readableObjects(ports: ReadablePorts, partition: string): ReadableObjects {
  const { objects, bucket: ownBucket } = ports;
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
      if (/^https?:\/\//i.test(source)) return { url: source };
      const match = /^s3:\/\/([^/]+)\/(.+)$/s.exec(source);
      if (match?.[1] === undefined || match[2] === undefined) {
        throw new PermanentFailure(
          'invalid-definition',
          `source '${source}' is not understood; it must be upload:<id>, s3://bucket/key or https://…`,
        );
      }
      return permitted({ bucket: match[1], key: match[2] });
    },
    get: async (address, range) =>
      'url' in address ? readWebFile(ports, address.url, range) : objects.get(permitted(address), range),
    describe: async (address) =>
      'url' in address ? describeWebFile(ports, address.url) : objects.describe(permitted(address)),
    list: async (address, options) => {
      const { bucket, key } = permitted(address);
      return objects.list(key, { ...options, ...(bucket === undefined ? {} : { bucket }) });
    },
  };
}
