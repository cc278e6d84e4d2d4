/** Acts on all jobs that match: counts them, asks back, and follows the part that continues in the background. */
import type { BulkCriteria, BulkOptions, BulkResult, BulkVerb, Jobtree } from '../client/index.ts';
import { jobsChanged } from '../client/index.ts';
import type { Context } from './context.ts';
import { isConfirmed, type SelectionOptions } from './selection.ts';

const PAST: Readonly<Record<BulkVerb, string>> = {
  cancel: 'cancelled',
  delete: 'deleted',
  pause: 'paused',
  resume: 'resumed',
  retry: 'retried',
};

export async function actOnMatching(
  context: Context,
  partition: Jobtree,
  { verb, criteria, options }: { verb: BulkVerb; criteria: BulkCriteria; options: SelectionOptions },
): Promise<void> {
  const { output, signal } = context;
  const act = bulkCall(partition, verb);
  const counted = await act(criteria, { dryRun: true, signal });
  if (options.dryRun) return printCount(context, { verb, jobs: counted.jobs, dryRun: true });
  if (counted.jobs === 0) {
    output.note(`No job of partition '${partition.partitionId}' matches that ${verb} would change.`);
    return printCount(context, { verb, jobs: 0 });
  }
  const jobs = counted.jobs === 1 ? '1 job' : `${counted.jobs} jobs`;
  const scope = criteria.all ? `all matching jobs of partition '${partition.partitionId}'` : 'the selection';
  const question = `${verb[0]?.toUpperCase()}${verb.slice(1)} ${jobs} (${scope})?`;
  if (!(await isConfirmed(context, question, options))) return;
  const result = await act(criteria, { signal });
  const total = result.operation === undefined ? result.jobs : await followOperation(context, result);
  await printCount(context, { verb, jobs: total });
}

type BulkCall = (criteria: BulkCriteria, options: BulkOptions) => Promise<BulkResult>;

function bulkCall(partition: Jobtree, verb: BulkVerb): BulkCall {
  const calls: Readonly<Record<BulkVerb, BulkCall>> = {
    cancel: (...request) => partition.cancelJobs(...request),
    delete: (...request) => partition.deleteJobs(...request),
    pause: (...request) => partition.pauseJobs(...request),
    resume: (...request) => partition.resumeJobs(...request),
    retry: (...request) => partition.retryJobs(...request),
  };
  return calls[verb];
}

async function followOperation(
  { output, signal }: Context,
  { jobs, operation }: BulkResult,
): Promise<number> {
  let total = jobs;
  if (operation === undefined) return total;
  output.note(`The action continues in the background as operation ${operation.id}.`);
  for await (const state of operation.watch({ signal })) {
    total = jobsChanged(state);
    output.note(`${total} jobs, ${state.jobsExamined} examined`);
  }
  return total;
}

async function printCount(
  { output }: Context,
  result: { verb: BulkVerb; jobs: number; dryRun?: true },
): Promise<void> {
  if (output.format !== 'text') return output.json(result);
  if (!output.isForPeople) return output.line(String(result.jobs));
  const jobs = result.jobs === 1 ? '1 job' : `${result.jobs} jobs`;
  await output.line(result.dryRun ? `${jobs} would be ${PAST[result.verb]}` : `${jobs} ${PAST[result.verb]}`);
}
