import { statSync } from 'node:fs';
import type { JobRequest } from '../../client/index.ts';
import type { Context } from '../context.ts';
import { usageError } from '../errors.ts';
import type { ExitCode } from '../exit-codes.ts';
import { followJob } from '../follow-job.ts';
import { buildRequest, nameOf, type RequestOptions } from '../job-request.ts';
import { partitionOf } from '../settings/connection.ts';

interface Options extends RequestOptions {
  readonly id?: string;
  readonly dryRun?: boolean;
  readonly watch?: boolean;
  readonly timeout?: string;
}

const KIBIBYTE = 1024;
const UNITS = ['bytes', 'KiB', 'MiB', 'GiB'];

export async function run(context: Context, options: Options, input?: string): Promise<ExitCode | undefined> {
  const { output, signal } = context;
  if (input !== undefined && input !== '-') requireFile(input);
  if (options.dryRun) {
    const request = await buildRequest(input, options, async (path) => `upload:${nameOf(requireFile(path))}`);
    await output.json(request);
    return undefined;
  }
  const partition = partitionOf(context.connect());
  const request = await buildRequest(input, options, async (path) => {
    output.note(`Uploading ${nameOf(path)} (${sizeText(statSync(requireFile(path)).size)})`);
    return (await partition.upload(path, { signal })).source;
  });
  // The service checks the request; its problem names each wrong member.
  const handle = await partition.createJob(request as JobRequest, { id: options.id, signal });
  if (options.watch) {
    output.note(`Created job ${handle.id}`);
    return followJob(context, handle, options.timeout);
  }
  if (output.format === 'text') await output.line(handle.id);
  else await output.json(await handle.get({ signal }));
  if (output.isForPeople) output.note(`Follow it with: jobtree watch ${handle.id}`);
  return undefined;
}

function requireFile(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile()) return path;
  const problem = stats === undefined ? `the file '${path}' does not exist` : `'${path}' is not a file`;
  throw usageError(problem, 'Pass the path of a job request or a data file.');
}

function sizeText(bytes: number): string {
  const unit = Math.min(UNITS.length - 1, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(KIBIBYTE)));
  const amount = bytes / KIBIBYTE ** unit;
  return `${unit === 0 ? amount : amount.toFixed(1)} ${UNITS[unit]}`;
}
