import { resolve } from 'node:path';
import { type RequestResult, scan } from '../../functions/scan-sources/scan.ts';
import { InvalidArguments, type ScanArguments } from './arguments.ts';
import { FolderSource, openFolder } from './folder-source.ts';
import { RestJobs } from './rest-jobs.ts';
import { watch } from './watch.ts';

export interface ScanOutput {
  /** Ends scanning when it is aborted. */
  readonly signal: AbortSignal;
  /** Prints a message for the user. */
  readonly print: (line: string) => void;
  /** Receives the result of each request. */
  readonly report: (result: RequestResult) => void;
}

/** Scans a folder. Returns the exit code. */
export async function runScan(
  { folder, url, token, partition, limits, ...options }: ScanArguments,
  { signal, print, report }: ScanOutput,
): Promise<0 | 1> {
  const jobs = new RestJobs({ base: url, token, partition, signal });
  const source = new FolderSource(await requireFolder(folder), (content, name) => jobs.upload(content, name));
  const clock = { now: () => Date.now() };
  const isTimeUp = () => signal.aborted;
  return watch({
    ...options,
    signal,
    print,
    scan: () => scan({ source, jobs, limits, clock, report, isTimeUp }),
  });
}

/** Resolves the folder relative to the caller's directory, because npm runs scripts in the project directory. */
async function requireFolder(folder: string): Promise<string> {
  const path = resolve(process.env['INIT_CWD'] ?? process.cwd(), folder);
  try {
    return await openFolder(path);
  } catch (error) {
    throw new InvalidArguments(`'${path}' is not a readable folder`, { cause: error });
  }
}
