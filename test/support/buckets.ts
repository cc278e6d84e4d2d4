import { parseBucketName } from '#core/object-address.ts';

/** The bucket of the service, and those that jobs of every partition may read. */
export const BUCKETS = {
  bucket: parseBucketName('jobtree'),
  readBuckets: [parseBucketName('theirs')],
} as const;
