/**
 * The session policies under which functions read for a partition. They hold even where a check of addresses fails:
 * S3 itself refuses what lies outside of the partition.
 */
import type { BucketName, ObjectPrefix } from '#core/object-address.ts';
import { readablePrefixes } from './object-keys.ts';

/** STS takes session policies up to this length. */
export const MAX_POLICY_CHARACTERS = 2048;

export interface ReaderPolicy {
  readonly prefixes: readonly ObjectPrefix[];
  /** A policy of IAM as JSON. */
  readonly policy: string;
}

export interface OwnBucket {
  readonly bucket: BucketName;
  /** The partition of AWS: aws, aws-cn or aws-us-gov. */
  readonly cloud: string;
}

/** One policy for all prefixes of the partition; where its id makes that too long, one for each prefix. */
export function readerPolicies(own: OwnBucket, partition: string): readonly ReaderPolicy[] {
  const prefixes = readablePrefixes(partition);
  const whole = readerPolicy(own, prefixes);
  if (whole.policy.length <= MAX_POLICY_CHARACTERS) return [whole];
  return prefixes.map((prefix) => readerPolicy(own, [prefix]));
}

/** In a policy they stand for other characters. */
const WILDCARDS = /[*?$]/;

function readerPolicy({ bucket, cloud }: OwnBucket, prefixes: readonly ObjectPrefix[]): ReaderPolicy {
  const wild = prefixes.find((prefix) => WILDCARDS.test(prefix));
  if (wild !== undefined)
    throw new Error(`prefix '${wild}' holds a wildcard of IAM: * ? and $ are not allowed`);
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
      // Of other buckets, the role may read those in readBuckets only.
      { Effect: 'Allow', Action: ['s3:GetObject', 's3:ListBucket'], NotResource: [arn, `${arn}/*`] },
      // Effective only where the role was granted a key.
      { Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*' },
    ],
  };
  return { prefixes, policy: JSON.stringify(policy) };
}
