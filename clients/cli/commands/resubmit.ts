import type { Jobtree } from '../../client/index.ts';
import type { Context } from '../context.ts';
import { eachJob, printNamed } from '../each-job.ts';
import { usageError } from '../errors.ts';
import type { ExitCode } from '../exit-codes.ts';
import { followJob } from '../follow-job.ts';
import { criteriaOf, isConfirmed, type SelectionOptions } from '../selection.ts';
import { partitionOf } from '../settings/connection.ts';

interface Options extends SelectionOptions {
  readonly id?: string;
  readonly watch?: boolean;
  readonly timeout?: string;
}

export async function run(
  context: Context,
  options: Options,
  named: string[],
): Promise<ExitCode | undefined> {
  const { output, signal } = context;
  const criteria = criteriaOf(named, options);
  const partition = partitionOf(context.connect());
  const jobs = criteria === undefined ? named : await finalJobs(partition, criteria, signal);
  if (jobs.length !== 1 && (options.id !== undefined || options.watch)) {
    throw usageError(`--id and --watch need exactly one job; ${jobs.length} are selected`);
  }
  if (options.dryRun) {
    await printNamed(context, jobs);
    return undefined;
  }
  if (criteria !== undefined) {
    const question = `Resubmit ${jobs.length} final ${jobs.length === 1 ? 'job' : 'jobs'}?`;
    if (jobs.length === 0) output.note('No final job matches.');
    else if (!(await isConfirmed(context, question, options))) return undefined;
  }
  let created: string | undefined;
  const exitCode = await eachJob(context, jobs, async (job) => {
    const handle = await partition.job(job).resubmit({ id: options.id, signal });
    created = handle.id;
    if (!options.watch && output.format === 'text') await output.line(handle.id);
    return { note: `${job} is resubmitted as ${handle.id}`, view: { id: handle.id } };
  });
  return options.watch && created !== undefined
    ? followJob(context, partition.job(created), options.timeout)
    : exitCode;
}

async function finalJobs(
  partition: Jobtree,
  { all: _all, ...criteria }: NonNullable<ReturnType<typeof criteriaOf>>,
  signal: AbortSignal,
): Promise<string[]> {
  const jobs = await partition.jobs({ ...criteria, statusType: 'Inactive', signal }).toArray();
  return jobs.map(({ id }) => id);
}
