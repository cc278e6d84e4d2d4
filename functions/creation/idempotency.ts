/** Creation under an Idempotency-Key: requests with the same key and the same content get the same job. */
import { refusal } from '#contract/problem.ts';
import type { ApiTools } from '../jobs-api/request.ts';
import { jobOfRow } from '../store/job-rows.ts';
import type { Created } from '../store/jobs.ts';
import { claimOfRow, claimWrite, isClaimedBy, type KeyClaim, readClaim } from '../store/key-claims.ts';
import { jobKey } from '../store/keys.ts';
import { sha256 } from './canonical.ts';
import { type Creation, create, createWithClaim } from './create.ts';

export interface KeyedRequest {
  readonly partition: string;
  /** The header Idempotency-Key; absent: each request creates a job. */
  readonly key: string | undefined;
  readonly requestHash: string;
  /** Called only where no job belongs to the key yet. */
  readonly creation: () => Creation | Promise<Creation>;
}

/** Creates a job under a new id, or returns the job that an earlier request with this key created. */
export async function createUnderKey(request: KeyedRequest, tools: ApiTools): Promise<Created> {
  const { partition, key } = request;
  const fresh = tools.random.id();
  if (key === undefined) return create({ partition, job: fresh }, await request.creation(), tools);
  const claimKey = { partition, keyHash: sha256(key) };
  const readNow = () => readClaim(tools.table, claimKey, tools.clock.now());
  const earlier = await readNow();
  if (earlier !== undefined) return jobOfClaim(request, earlier, tools);
  const creation = await request.creation();
  try {
    const created = await createWithClaim({ partition, job: fresh }, creation, tools, (job) => {
      const claim = { job: job.job, generation: job.generation, requestHash: request.requestHash };
      return claimWrite(claimKey, claim, tools.clock.now());
    });
    if (created.outcome !== 'claimed') return created;
    return await jobOfClaim(request, claimOfRow(created.row), tools);
  } catch (error) {
    // The transaction may have been written although its reply was lost, or a concurrent request was faster.
    const claim = await readNow().catch(() => undefined);
    if (claim === undefined) throw error;
    return jobOfClaim(request, claim, tools);
  }
}

/** The job is read once: read twice, a job that is created in between would look like a deleted one. */
async function jobOfClaim(
  { partition, requestHash, creation }: KeyedRequest,
  claim: KeyClaim,
  tools: ApiTools,
): Promise<Created> {
  if (claim.requestHash !== requestHash) {
    throw refusal(
      'idempotency-key-reused',
      'this Idempotency-Key came with another request before; use a new key for a new job',
    );
  }
  const key = { partition, job: claim.job };
  const { row } = await tools.table.get(jobKey(key), { strong: true });
  // Older versions wrote the claim first, so their job may not exist yet.
  if (row === undefined) return create(key, await creation(), tools);
  const job = jobOfRow(row);
  if (job !== undefined && isClaimedBy(job, claim)) return { outcome: 'same', job };
  throw refusal(
    'idempotency-key-spent',
    `job '${claim.job}', which this Idempotency-Key created, was deleted; use a new key for a new job`,
  );
}
