import { readFileSync } from 'node:fs';
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
  readonly watch?: boolean;
  readonly timeout?: string;
}

export async function run(context: Context, options: Options, jobs: string[]): Promise<ExitCode | undefined> {
  const { code: codes, item: itemIds, watch, timeout } = options;
  const patch = options.patch === undefined ? undefined : patchOf(options.patch);
  const criteria = criteriaOf(jobs, options);
  const partition = partitionOf(context.connect());
  if (criteria !== undefined) {
    if (codes || itemIds || patch || watch) {
      throw usageError('--code, --item, --patch and --watch need a named job', 'Name one or more jobs.');
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
  };
  const { signal } = context;
  const exitCode = await eachJob(context, jobs, async (id) => {
    const { itemsRetried } = await partition.job(id).retry(request, { signal });
    const items = `${itemsRetried} ${itemsRetried === 1 ? 'item is' : 'items are'}`;
    return { note: `${id}: ${items} retried`, view: { itemsRetried } };
  });
  const [job] = jobs;
  return watch && job !== undefined ? followJob(context, partition.job(job), timeout) : exitCode;
}

function patchOf(text: string): Record<string, unknown> {
  const json = text.startsWith('@') ? fileText(text.slice(1)) : text;
  let value: unknown;
  try {
    value = JSON.parse(json);
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
