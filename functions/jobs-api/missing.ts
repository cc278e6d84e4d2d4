/** Refusals for missing resources. A job in a partition that the caller may not access must look missing too. */
import { refusal } from '#contract/problem.ts';
import type { Job, JobKey } from '#core/job.ts';

export function noSuchJob({ partition, job }: JobKey) {
  return refusal('not-found', `job '${job}' does not exist in partition '${partition}'`);
}

export function noSuchItem(
  { job, plan }: Pick<Job, 'job' | 'plan'>,
  id: string,
  { lookedAt, isFinal }: { lookedAt: number; isFinal: boolean },
) {
  const hints = [
    ...(isFinal ? [] : ['the job is not final yet, so try again later']),
    ...(plan.outcomes === 'failures' ? ['the job keeps only outcomes of chunks with failures'] : []),
  ];
  const hint = hints.length === 0 ? 'GET …/items lists all items' : hints.join('; ');
  return refusal(
    'not-found',
    `job '${job}' has no outcome of item '${id.slice(0, 200).toWellFormed()}' among ${lookedAt} outcomes; ${hint}`,
  );
}

export function noSuchBulkOperation(partition: string, id: string) {
  return refusal(
    'not-found',
    `bulk operation '${id.slice(0, 100)}' does not exist in partition '${partition}'; bulk operations are kept for 30 days`,
  );
}

export function noSuchUpload(partition: string, id: string) {
  return refusal(
    'not-found',
    `upload '${id.slice(0, 200).toWellFormed()}' does not exist in partition '${partition}'; GET …/uploads lists all`,
  );
}

/** Noun of each kind of documents in messages, and the path that lists them. */
export const DOCUMENT_KINDS = [
  { noun: 'job type', path: '/job-types' },
  { noun: 'template', path: '/templates' },
] as const;
export type DocumentNames = (typeof DOCUMENT_KINDS)[number];

/** Refusal for a document of a partition, or for a global document if `partition` is absent. */
export function noSuchDocument({ noun, path }: DocumentNames, name: string, partition?: string) {
  const suffix = partition === undefined ? '' : ` in partition '${partition}'`;
  const list = partition === undefined ? path : `/partitions/${encodeURIComponent(partition)}${path}`;
  return refusal(
    'not-found',
    `${noun} '${name}' does not exist${suffix}; GET ${list} lists the existing ones`,
  );
}

export function noSuchPartition(partition: string) {
  return refusal('not-found', `partition '${partition}' does not exist`);
}

export function noSuchRoute() {
  return refusal('not-found', 'this route does not exist; GET /openapi.json lists all routes');
}
