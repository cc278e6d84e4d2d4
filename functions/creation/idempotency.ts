/**
 * The Idempotency-Key of POST: the first request with a key decides which job id belongs to it, all others get that
 * one. A crash between the two writes heals when the caller repeats the request.
 */
import { refusal } from '#contract/problem.ts';
import type { ApiTools } from '../jobs-api/request.ts';
import { idempotencyKey } from '../store/keys.ts';
import { ttlSeconds } from '../store/retention.ts';
import { sha256 } from './canonical.ts';

export interface KeyedRequest {
  readonly partition: string;
  readonly key: string;
  readonly requestHash: string;
}

export interface KeyedJob {
  readonly job: string;
  /** Whether the key came before. */
  readonly isRepeat: boolean;
}

/** The job id that belongs to the key; refuses a key that came with another body. */
export async function jobOfIdempotencyKey(
  request: KeyedRequest,
  { table, random, clock }: ApiTools,
): Promise<KeyedJob> {
  const { partition, key, requestHash } = request;
  const fresh = random.id();
  const answer = await table.write({
    kind: 'put',
    row: { ...idempotencyKey(partition, sha256(key)), job: fresh, requestHash, ttl: ttlSeconds(clock.now()) },
    when: [{ attribute: 'pk', is: 'absent' }],
  });
  const row = answer.outcome === 'written' ? undefined : answer.row;
  if (row === undefined) return { job: fresh, isRepeat: false };
  if (row['requestHash'] === requestHash) return { job: String(row['job']), isRepeat: true };
  throw refusal(
    'idempotency-key-reused',
    'this Idempotency-Key came with another body before; use a new key for a new job',
  );
}
