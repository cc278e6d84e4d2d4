import { resolve } from 'node:path';
import { type RequestResult, scan } from '../../functions/scan-sources/scan.ts';
import { InvalidArguments, type ScanArguments, scanArguments, USAGE } from './arguments.ts';
import { FolderSource, openFolder } from './folder-source.ts';
import { RestJobs } from './rest-jobs.ts';
import { lineOf, watch } from './watch.ts';

const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ending.abort());

try {
  process.exitCode = await run(scanArguments(process.argv.slice(2), process.env));
} catch (error) {
  if (!(error instanceof InvalidArguments)) throw error;
  process.stderr.write(`${error.message}\n${USAGE}\n`);
  process.exitCode = 1;
}

async function run({ folder, url, token, partition, limits, ...options }: ScanArguments): Promise<0 | 1> {
  const { signal } = ending;
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const jobs = new RestJobs({ base: url, token, partition, signal });
  const source = new FolderSource(await requireFolder(folder), (content, name) => jobs.upload(content, name));
  const report = (result: RequestResult) => {
    const line = lineOf(result);
    if (line !== undefined) print(line);
  };
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
