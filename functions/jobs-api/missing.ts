/** The ways in which something is not there; a foreign partition's job must look like a missing one. */
import { refusal } from '#contract/problem.ts';
import type { JobKey } from '#core/job.ts';

export function noSuchJob({ partition, job }: JobKey) {
  return refusal('not-found', `there is no job '${job}' in partition '${partition}'`);
}

export function noSuchBulkOperation(partition: string, id: string) {
  return refusal(
    'not-found',
    `there is no bulk operation '${id.slice(0, 100)}' in partition '${partition}'; they are kept for 30 days`,
  );
}

export function noSuchPartition(partition: string) {
  return refusal('not-found', `there is no partition '${partition}'`);
}

export function noSuchRoute() {
  return refusal('not-found', 'there is no such route; GET /openapi.json lists those that there are');
}
