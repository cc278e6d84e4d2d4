import type { Context } from '../context.ts';
import { followJob } from '../follow-job.ts';
import { partitionOf } from '../settings/connection.ts';

export function run(context: Context, { timeout }: { timeout?: string }, job: string) {
  return followJob(context, partitionOf(context.connect()).job(job), timeout);
}
