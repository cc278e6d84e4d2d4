import { readFileSync } from 'node:fs';
import { parseJson, type Retried } from 'jobtree/client';
import { actOnMatching } from '../bulk-action.ts';
import type { Context } from '../context.ts';
import { eachJob, printNamed } from '../each-job.ts';
import { usageError } from '../errors.ts';
import type { ExitCode } from '../exit-codes.ts';
import { followJob } from '../follow-job.ts';
import { criteriaOf, type SelectionOptions } from '../selection.ts';
import { partitionOf } from '../settings/connection.ts';

interface Options extends SelectionOptions {
  readonly code?: string[];
  readonly item?: string[];
  readonly patch?: string;
  readonly dependents?: boolean;
  readonly watch?: boolean;
  readonly timeout?: string;
}

export async function run(context: Context, options: Options, jobs: string[]): Promise<ExitCode | undefined> {
  const { code: codes, item: itemIds, dependents, watch, timeout } = options;
  const patch = options.patch === undefined ? undefined : patchOf(options.patch);
  const criteria = criteriaOf(jobs, options);
  const partition = partitionOf(context.connect());
  if (criteria !== undefined) {
    if (codes || itemIds || patch || dependents || watch) {
      throw usageError(
        '--code, --item, --patch, --dependents and --watch need a named job',
        'Name one or more jobs.',
      );
    }
    await actOnMatching(context, partition, { verb: 'retry', criteria, options });
    return undefined;
  }
  if (watch && jobs.length > 1) throw usageError('--watch follows one job', 'Name one job.');
  if (options.dryRun) {
    await printNamed(context, jobs);
    return undefined;
  }
  const request = {
    ...((codes || itemIds) && { filter: { ...(codes && { codes }), ...(itemIds && { itemIds }) } }),
    ...(patch && { patch }),
    ...(dependents && { restartDependents: true }),
  };
  const { signal } = context;
  const exitCode = await eachJob(context, jobs, async (id) => {
    const retried = await partition.job(id).retry(request, { signal });
    return { note: `${id}: ${noteOf(retried, dependents === true)}`, view: { ...retried } };
  });
  const [job] = jobs;
  return watch && job !== undefined ? followJob(context, partition.job(job), timeout) : exitCode;
}

/** Describes the retry. Offers to restart the jobs that failed because of this one, unless that was requested. */
function noteOf({ itemsRetried, failedDependents = [] }: Retried, areRestarted: boolean): string {
  const items =
    itemsRetried === 0
      ? 'the job starts again'
      : `${itemsRetried} ${itemsRetried === 1 ? 'item is' : 'items are'} retried`;
  if (failedDependents.length === 0) return items;
  const named = failedDependents.join(' ');
  return areRestarted
    ? `${items}, and these jobs start again: ${named}`
    : `${items}. These jobs failed because of it: ${named}. When it is Completed, start them again with: jobtree retry ${named}`;
}

function patchOf(text: string): Record<string, unknown> {
  const json = text.startsWith('@') ? fileText(text.slice(1)) : text;
  let value: unknown;
  try {
    value = parseJson(json);
  } catch (error) {
    throw usageError(`--patch is not valid JSON (${(error as Error).message})`, `Use --patch '{"url": "…"}'`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw usageError('--patch is not a JSON object', `Use --patch '{"url": "…"}'`);
}

function fileText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw usageError(`--patch: ${file} cannot be read (${(error as Error).message})`);
  }
}
