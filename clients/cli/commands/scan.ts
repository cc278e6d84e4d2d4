import { InvalidArguments, scanArguments } from '../../scan/arguments.ts';
import { runScan } from '../../scan/run-scan.ts';
import { lineOf } from '../../scan/watch.ts';
import type { Context } from '../context.ts';
import { usageError } from '../errors.ts';
import type { ExitCode } from '../exit-codes.ts';
import { partitionOf } from '../settings/connection.ts';

interface Options {
  readonly once?: boolean;
  readonly interval: string;
  readonly high?: number;
  readonly low?: number;
  readonly jobsPerInterval?: number;
  readonly maxItems?: number;
}

export async function run(context: Context, options: Options, folder: string): Promise<ExitCode> {
  const { output, signal, connect } = context;
  const connection = connect();
  const { partitionId } = partitionOf(connection);
  const limits = [
    ['--high', options.high],
    ['--low', options.low],
    ['--jobs-per-interval', options.jobsPerInterval],
    ['--max-items', options.maxItems],
  ] as const;
  const args = [
    ...['--partition', partitionId, '--url', connection.url, '--interval', options.interval],
    ...limits.flatMap(([name, value]) => (value === undefined ? [] : [name, String(value)])),
    ...(options.once ? ['--once'] : []),
    ...['--', folder],
  ];
  try {
    const scanned = scanArguments(args, { JOBTREE_TOKEN: await connection.token() });
    return await runScan(scanned, {
      signal,
      print: (line) => output.note(line),
      report: (result) => {
        const line = lineOf(result);
        if (line !== undefined) void output.line(output.format === 'text' ? line : JSON.stringify(result));
      },
    });
  } catch (error) {
    if (error instanceof InvalidArguments) throw usageError(error.message);
    throw error;
  }
}
