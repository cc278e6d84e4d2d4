import { resolve } from 'node:path';
import { scan, type Taken } from '../../functions/scan-sources/scan.ts';
import { type ScanArguments, scanArguments, USAGE, WrongArguments } from './arguments.ts';
import { FolderSource, openFolder } from './folder-source.ts';
import { RestJobs } from './rest-jobs.ts';
import { lineOf, watch } from './watch.ts';

const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ending.abort());

try {
  process.exitCode = await run(scanArguments(process.argv.slice(2), process.env));
} catch (error) {
  if (!(error instanceof WrongArguments)) throw error;
  process.stderr.write(`${error.message}\n${USAGE}\n`);
  process.exitCode = 1;
}

async function run({ folder, url, token, partition, limits, ...options }: ScanArguments): Promise<0 | 1> {
  const { signal } = ending;
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const jobs = new RestJobs({ base: url, token, partition, signal });
  const source = new FolderSource(await existing(folder), (content, name) => jobs.upload(content, name));
  const tell = (taken: Taken) => {
    const line = lineOf(taken);
    if (line !== undefined) say(line);
  };
  const clock = { now: () => Date.now() };
  const isOver = () => signal.aborted;
  return watch({ ...options, signal, say, scan: () => scan({ source, jobs, limits, clock, tell, isOver }) });
}

/** Resolves the folder relative to the caller's directory, because npm runs scripts in the project directory. */
async function existing(folder: string): Promise<string> {
  const place = resolve(process.env['INIT_CWD'] ?? process.cwd(), folder);
  try {
    return await openFolder(place);
  } catch (error) {
    throw new WrongArguments(`'${place}' is not a readable folder`, { cause: error });
  }
}
