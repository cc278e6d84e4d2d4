/** Creates jobs with an Idempotency-Key. Requests with the same key and content get the same job. */

import { refusal } from '#contract/problem.ts';
import { generationOf } from '#core/job.ts';
import type { CreatedJob } from '../store/insert-job.ts';
import { jobOfRow } from '../store/job-rows.ts';
import { claimOfRow, claimWrite, isClaimedBy, type KeyClaim, readClaim } from '../store/key-claims.ts';
import { jobKey } from '../store/keys.ts';
import { sha256 } from './canonical.ts';
import { type CreationRequest, createJobWithClaim, createJobWithId } from './create-job.ts';
import type { CreationPorts } from './ports.ts';

export interface KeyedRequest {
  readonly partition: string;
  /** The header Idempotency-Key. If absent, each request creates a job. */
  readonly key: string | undefined;
  readonly requestHash: string;
  /** Called only if no job has the key yet. */
  readonly creation: () => CreationRequest | Promise<CreationRequest>;
}

/** Creates a job under a new id, or returns the job that an earlier request with this key created. */
export async function createJobWithKey(request: KeyedRequest, ports: CreationPorts): Promise<CreatedJob> {
  const { partition, key } = request;
  const newId = ports.random.id();
  if (key === undefined) return createJobWithId({ partition, job: newId }, await request.creation(), ports);
  const claimKey = { partition, keyHash: sha256(key) };
  const readCurrentClaim = () => readClaim(ports.table, claimKey, ports.clock.now());
  const existingClaim = await readCurrentClaim();
  if (existingClaim !== undefined) return jobOfClaim(request, existingClaim, ports);
  const creation = await request.creation();
  try {
    const created = await createJobWithClaim({ partition, job: newId }, creation, ports, (job) => {
      const claim = { job: job.job, generation: generationOf(job), requestHash: request.requestHash };
      return claimWrite(claimKey, claim, ports.clock.now());
    });
    if (created.kind !== 'claimed') return created;
    return await jobOfClaim(request, claimOfRow(created.row), ports);
  } catch (error) {
    // The transaction may have succeeded and only its response was lost, or a concurrent request claimed the key.
    const claim = await readCurrentClaim().catch(() => undefined);
    if (claim === undefined) throw error;
    return jobOfClaim(request, claim, ports);
  }
}

/** Reads the job only once. With two reads, a job created between them would look deleted. */
async function jobOfClaim(
  { partition, requestHash, creation }: KeyedRequest,
  claim: KeyClaim,
  ports: CreationPorts,
): Promise<CreatedJob> {
  if (claim.requestHash !== requestHash) {
    throw refusal(
      'idempotency-key-reused',
      'this Idempotency-Key was used with another request; use a new key for a new job',
    );
  }
  const key = { partition, job: claim.job };
  const { row } = await ports.table.get(jobKey(key), { strong: true });
  // Older versions wrote the claim before the job, so the job may not exist yet.
  if (row === undefined) return createJobWithId(key, await creation(), ports);
  const job = jobOfRow(row);
  if (job !== undefined && isClaimedBy(job, claim)) return { kind: 'same', job };
  throw refusal(
    'idempotency-key-spent',
    `job '${claim.job}', which this Idempotency-Key created, was deleted; use a new key for a new job`,
  );
}
