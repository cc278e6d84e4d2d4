/**
 * Claims of Idempotency-Keys: a claim maps a key to its job. It is written in the transaction that creates
 * the job. Concurrent requests with one key therefore agree on one job, and a refused request leaves the key
 * unused.
 */
import { generationOf, type Job } from '#core/job.ts';
import type { Row, Table, Write } from '#core/ports.ts';
import { idempotencyKey } from './keys.ts';
import { ttlSeconds } from './retention.ts';

export interface ClaimKey {
  readonly partition: string;
  /** SHA-256 of the Idempotency-Key. */
  readonly keyHash: string;
}

export interface KeyClaim {
  readonly job: string;
  /** Creation of the job id that the key belongs to; absent in claims of older versions. */
  readonly generation?: number;
  /** Distinguishes a repeat of the same request from a different request. */
  readonly requestHash: string;
}

/** Returns the write that claims the key for the job, unless an earlier claim is still valid. */
export function claimWrite({ partition, keyHash }: ClaimKey, claim: KeyClaim, now: number): Write {
  return {
    kind: 'put',
    row: { ...idempotencyKey(partition, keyHash), ...claim, ttl: ttlSeconds(now) },
    when: [
      {
        anyOf: [
          [{ attribute: 'pk', is: 'absent' }],
          [{ attribute: 'ttl', is: 'atMost', value: Math.floor(now / 1000) }],
        ],
      },
    ],
  };
}

/** Returns the valid claim of the key, by a strongly consistent read. */
export async function readClaim(
  table: Table,
  { partition, keyHash }: ClaimKey,
  now: number,
): Promise<KeyClaim | undefined> {
  const { row } = await table.get(idempotencyKey(partition, keyHash), { strong: true });
  // DynamoDB deletes an expired row up to two days late.
  if (row === undefined || Number(row['ttl']) <= Math.floor(now / 1000)) return undefined;
  return claimOfRow(row);
}

export function claimOfRow(row: Row): KeyClaim {
  const { generation } = row;
  return {
    job: String(row['job']),
    requestHash: String(row['requestHash']),
    ...(generation === undefined ? {} : { generation: Number(generation) }),
  };
}

/** True if the claim belongs to this job, in any of its runs. */
export function isClaimedBy(job: Job, { generation }: KeyClaim): boolean {
  return generation === undefined || generation === generationOf(job);
}
