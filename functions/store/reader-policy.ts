/**
 * Session policies with which functions read for a partition. They apply even if an address check fails: S3
 * itself denies access to objects outside the partition.
 */
import type { BucketName, ObjectPrefix } from '#core/object-address.ts';
import { readablePrefixes } from './object-keys.ts';

/** Maximum length of a session policy in STS. */
export const MAX_POLICY_CHARACTERS = 2048;

export interface ReaderPolicy {
  readonly prefixes: readonly ObjectPrefix[];
  /** An IAM policy as JSON. */
  readonly policy: string;
}

export interface OwnBucket {
  readonly bucket: BucketName;
  /** The AWS partition: aws, aws-cn or aws-us-gov. */
  readonly cloud: string;
}

/**
 * Returns one policy for all prefixes of the partition. If its id makes that policy too long, returns one per
 * prefix.
 */
export function readerPolicies(own: OwnBucket, partition: string): readonly ReaderPolicy[] {
  const prefixes = readablePrefixes(partition);
  const wholePolicy = readerPolicy(own, prefixes);
  if (wholePolicy.policy.length <= MAX_POLICY_CHARACTERS) return [wholePolicy];
  return prefixes.map((prefix) => readerPolicy(own, [prefix]));
}

/** IAM policies interpret these characters as wildcards. */
const WILDCARDS = /[*?$]/;

function readerPolicy({ bucket, cloud }: OwnBucket, prefixes: readonly ObjectPrefix[]): ReaderPolicy {
  const prefixWithWildcard = prefixes.find((prefix) => WILDCARDS.test(prefix));
  if (prefixWithWildcard !== undefined)
    throw new Error(`prefix '${prefixWithWildcard}' contains an IAM wildcard; * ? and $ are not allowed`);
  const arn = `arn:${cloud}:s3:::${bucket}`;
  const below = prefixes.map((prefix) => `${prefix}*`);
  const policy = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 's3:GetObject', Resource: below.map((pattern) => `${arn}/${pattern}`) },
      {
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: arn,
        Condition: { StringLike: { 's3:prefix': below } },
      },
      // In other buckets, the role itself may read only those in readBuckets.
      { Effect: 'Allow', Action: ['s3:GetObject', 's3:ListBucket'], NotResource: [arn, `${arn}/*`] },
      // Effective only if the role was granted a key.
      { Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*' },
    ],
  };
  return { prefixes, policy: JSON.stringify(policy) };
}
