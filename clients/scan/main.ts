import type { RequestResult } from '../../functions/scan-sources/scan.ts';
import { InvalidArguments, scanArguments, USAGE } from './arguments.ts';
import { runScan } from './run-scan.ts';
import { lineOf } from './watch.ts';

const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ending.abort());

const print = (line: string) => process.stdout.write(`${line}\n`);
const report = (result: RequestResult) => {
  const line = lineOf(result);
  if (line !== undefined) print(line);
};

try {
  const args = scanArguments(process.argv.slice(2), process.env);
  process.exitCode = await runScan(args, { signal: ending.signal, print, report });
} catch (error) {
  if (!(error instanceof InvalidArguments)) throw error;
  process.stderr.write(`${error.message}\n${USAGE}\n`);
  process.exitCode = 1;
}
