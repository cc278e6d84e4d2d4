/**
 * Claims of Idempotency-Keys: which job belongs to a key. A claim is written in the transaction that creates its job,
 * so that concurrent requests with one key agree on one job, and a request that is refused leaves the key unused.
 */
import { creationOf, type Job } from '#core/job.ts';
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
  /** The creation of that id which the key stands for; absent in claims that older versions wrote. */
  readonly generation?: number;
  /** Tells a repeat of the same request from another one. */
  readonly requestHash: string;
}

/** Takes the key for the job, unless an earlier claim is still valid. */
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

/** The valid claim of the key, read strongly. */
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

/** Whether the claim stands for this job, in whichever of its runs. */
export function isClaimedBy(job: Job, { generation }: KeyClaim): boolean {
  return generation === undefined || generation === creationOf(job);
}
