import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { type LogLine, type LogQuery, logGroupsOf, readLines } from '../logs/job-logs.ts';
import { awsLogs, emulatorLogs, type LogsApi } from '../logs/logs-api.ts';
import type { Column } from '../output/table.ts';
import { parseSince } from '../output/times.ts';
import { partitionOf } from '../settings/connection.ts';

interface Options {
  readonly item?: string;
  readonly function?: string;
  readonly stack: string;
  readonly since?: string;
  readonly follow?: boolean;
}

const FOLLOW_MILLIS = 2_000;
/** Lines arrive out of order, so each reading starts earlier than the last line. */
const OVERLAP_MILLIS = 30_000;

export async function run(context: Context, options: Options, id: string): Promise<ExitCode> {
  const { output, signal, connect, env } = context;
  const connection = connect();
  const partition = partitionOf(connection);
  const { createTime } = await partition.job(id).get({ signal });
  const { item, since, stack, follow } = options;
  const query: LogQuery = {
    stack,
    partition: partition.partitionId,
    functionName: options.function,
    texts: [id, ...(item === undefined ? [] : [item])],
    startTime: since === undefined ? createTime : parseSince(since, '--since'),
  };
  const emulator = connection.profile?.emulator ?? env['AWS_ENDPOINT_URL'];
  const logs = emulator === undefined ? await awsLogs(process.cwd()) : emulatorLogs(emulator);
  const groups = await logGroupsOf(logs, query);
  if (groups.length === 0) {
    const of = options.function === undefined ? '' : ` of the function '${options.function}'`;
    throw new CliError(`the stack '${stack}' has no log groups${of} in this account and region`, {
      exitCode: EXIT.notFound,
      hint: 'Pass the name of the CloudFormation stack with --stack, and check AWS_REGION.',
    });
  }
  const columns: Column<LogLine>[] = [
    { title: 'TIME', value: ({ time }) => output.time(time) },
    { title: 'FUNCTION', value: (line) => line.function, isFlexible: true },
    { title: 'LEVEL', value: ({ level }) => level },
    { title: 'MESSAGE', value: ({ message }) => message },
  ];
  const lines = follow ? followed(logs, groups, query, signal) : await readLines(logs, groups, query);
  await output.list(lines, columns, `No log line mentions ${query.texts.join(' and ')}.`);
  return EXIT.ok;
}

/** Yields new lines until Ctrl-C. */
async function* followed(
  logs: LogsApi,
  groups: readonly string[],
  query: LogQuery,
  signal: AbortSignal,
): AsyncGenerator<LogLine> {
  const seen = new Set<string>();
  let startTime = query.startTime;
  while (!signal.aborted) {
    for (const line of await readLines(logs, groups, { ...query, startTime })) {
      const key = JSON.stringify(line);
      if (seen.has(key)) continue;
      seen.add(key);
      startTime = Math.max(startTime, line.time - OVERLAP_MILLIS);
      yield line;
    }
    await sleep(FOLLOW_MILLIS, undefined, { signal }).catch(() => undefined);
  }
}
