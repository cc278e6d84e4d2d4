/**
 * Limits a job to the objects that it may read: its own partition in the bucket of the stack, the buckets in `readBuckets`
 * and the public web. Names are parsed here and compared as values.
 */
import { PermanentFailure } from '#core/errors.ts';
import {
  type BucketName,
  type ObjectAddress,
  type PrefixAddress,
  parseBucketName,
  parseObjectKey,
  parseObjectPrefix,
} from '#core/object-address.ts';
import type { Objects } from '#core/ports.ts';
import type { ObjectLocation, ReadableObjects } from '#core/splitter.ts';
import { readablePrefixes, uploadKey } from '../store/object-keys.ts';
import type { SourceCaches } from './source-caches.ts';
import { describeWebFile, readWebFile, type WebFilePorts } from './web-file.ts';

/** Ports that read for the jobs of any partition. */
export interface ReadingPorts {
  /** Returns the objects with the permissions of the jobs of a partition. */
  readonly objectsFor: (partition: string) => Objects;
  /** The bucket of the stack. */
  readonly bucket: BucketName;
  /** Other buckets that jobs of every partition may read. */
  readonly readBuckets: readonly BucketName[];
  readonly caches: SourceCaches;
}

type ReadablePorts = ReadingPorts & Omit<WebFilePorts, 'webFiles'>;

/** An upload id is one segment of a key. The API creates none with characters of paths or URLs. */
const UPLOAD_ID = /^[^/\\%?#]+$/;
const MAX_SHOWN = 100;

export function readableObjects(ports: ReadablePorts, partition: string): ReadableObjects {
  const objects = ports.objectsFor(partition);
  const webPorts = { ...ports, webFiles: ports.caches.webFiles };
  const wall = { ...ports, partition };

  function locate({ bucket, key }: ObjectLocation): ObjectAddress {
    return assertReadable(wall, { ...bucketOf(wall, bucket), key: parseObjectKey(key) });
  }

  return {
    locate,
    resolve(source) {
      if (source.startsWith('upload:')) return locateUpload(partition, source);
      if (/^https?:\/\//i.test(source)) return { url: source };
      const { bucket, key } = /^s3:\/\/(?<bucket>[^/]+)\/(?<key>.+)$/s.exec(source)?.groups ?? {};
      if (bucket !== undefined && key !== undefined) return locate({ bucket, key });
      throw new PermanentFailure(
        'invalid-definition',
        `not a valid source: '${shortened(source)}'. Use upload:<id>, s3://bucket/key or https://…`,
      );
    },
    // Types prevent unchecked strings, but workers in JavaScript have no types, so each call checks again.
    get: async (address, range) =>
      'url' in address ? readWebFile(webPorts, address.url, range) : objects.get(locate(address), range),
    describe: async (address) =>
      'url' in address ? describeWebFile(webPorts, address.url) : objects.describe(locate(address)),
    list: async (place, options) => {
      const prefix = { ...bucketOf(wall, place.bucket), key: parseObjectPrefix(place.key) };
      const { key, ...bucket } = assertReadable(wall, prefix);
      return objects.list(key, { ...options, ...bucket });
    },
  };
}

interface AccessRules extends Pick<ReadingPorts, 'bucket' | 'readBuckets'> {
  readonly partition: string;
}

/** Returns an empty object for the bucket of the stack. */
function bucketOf(wall: AccessRules, text: string | undefined): { bucket?: BucketName } {
  if (text === undefined) return {};
  const bucket = parseBucketName(text);
  return bucket === wall.bucket ? {} : { bucket };
}

function assertReadable<A extends PrefixAddress>({ partition, readBuckets }: AccessRules, address: A): A {
  const { bucket, key } = address;
  if (bucket !== undefined) {
    if (readBuckets.includes(bucket)) return address;
    throw new PermanentFailure(
      'source-forbidden',
      `bucket '${bucket}' is not readable. Jobs may read the bucket of the service and ` +
        `${readBuckets.join(', ') || 'no other'}. Add the bucket to readBuckets of the stack.`,
    );
  }
  const prefixes = readablePrefixes(partition);
  if (prefixes.some((prefix) => key.startsWith(prefix))) return address;
  throw new PermanentFailure(
    'source-forbidden',
    `'${shortened(key)}' is not readable. In the bucket of the service, partition '${partition}' may read ` +
      `${prefixes.join(', ')}. Upload the object (POST …/uploads) or use another bucket.`,
  );
}

function locateUpload(partition: string, source: string): ObjectAddress {
  const id = source.slice('upload:'.length);
  if (UPLOAD_ID.test(id)) return { key: uploadKey(partition, id) };
  throw new PermanentFailure(
    'invalid-definition',
    `'${shortened(source)}' is not a valid upload. Use upload: and the id that POST …/uploads returned, without / \\ % ? #`,
  );
}

function shortened(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…`.toWellFormed() : text;
}
