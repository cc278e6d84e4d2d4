import { omitUndefined } from '#core/omit-undefined.ts';
import type { Job, JobQuery } from '../../client/index.ts';
import { quoted } from '../../client/index.ts';
import type { Context } from '../context.ts';
import { CliError, usageError } from '../errors.ts';
import { itemsText, labelsText } from '../job-fields.ts';
import { paintStatus } from '../output/output.ts';
import type { Column } from '../output/table.ts';
import { age, parseSince } from '../output/times.ts';
import { labelConditions, labelKeys } from '../selection.ts';
import { claimsOf } from '../settings/claims.ts';
import { type Connection, partitionOf } from '../settings/connection.ts';
import { isStuck } from '../stuck-jobs.ts';

interface Options {
  readonly failed?: boolean;
  readonly stuck?: boolean;
  readonly mine?: boolean;
  readonly since?: string;
  readonly status?: Job['status'][];
  readonly label?: string[];
  readonly startsWith?: string;
  readonly filter?: string;
  readonly sort?: string;
  readonly hidden?: boolean;
  readonly limit: number;
  readonly count?: boolean;
}

export async function run(context: Context, options: Options): Promise<void> {
  const { output, signal, connect } = context;
  const connection = connect();
  const partition = partitionOf(connection);
  const query = await queryOf(connection, options);
  if (options.count) {
    if (options.stuck) throw usageError('--count cannot be combined with --stuck');
    return output.line(String(await partition.countJobs({ ...query, signal })));
  }
  const { sort, limit, stuck } = options;
  const jobs = stuck
    ? firstStuck(partition.jobs({ ...query, sort, signal }), limit)
    : partition.jobs({ ...query, sort, limit, signal });
  const columns: Column<Job>[] = [
    { title: 'ID', value: ({ id }) => id },
    { title: 'STATUS', value: ({ status }) => status, paint: paintStatus(output, ({ status }) => status) },
    {
      title: 'PROGRESS',
      value: ({ percentageComplete }) => `${percentageComplete.toFixed(2)} %`,
      plain: ({ percentageComplete }) => percentageComplete,
      align: 'right',
    },
    { title: 'ITEMS', value: ({ items }) => itemsText(items) },
    {
      title: 'CREATED',
      value: ({ createTime }) => age(createTime),
      plain: ({ createTime }) => output.time(createTime),
    },
    { title: 'NAME', value: ({ name }) => name, isFlexible: true },
    { title: 'LABELS', value: ({ labels }) => labelsText(labels), isFlexible: true },
  ];
  const count = await output.list(jobs, columns, 'There are no such jobs.');
  if (output.isForPeople && count === limit) output.note(`The first ${limit} jobs. See more with --limit.`);
}

async function queryOf(connection: Connection, options: Options): Promise<JobQuery> {
  const { failed, stuck, mine, since, status, label = [], startsWith, hidden } = options;
  const conditions = [
    options.filter && `(${options.filter})`,
    failed && '(status==Failed,items.failed=gt=0)',
    mine && `createdBy=in=(${quoted(await subjectOf(connection))})`,
    since && `createTime=ge=${parseSince(since, '--since')}`,
    ...labelConditions(label),
  ].filter(Boolean);
  const keys = labelKeys(label);
  return {
    ...(conditions.length > 0 && { filter: conditions.join(';') }),
    ...(keys.length > 0 && { labelExist: keys }),
    ...(status && { status }),
    ...(stuck && { statusType: 'NotFinished' as const }),
    ...omitUndefined({ jobIdStartsWith: startsWith }),
    ...(hidden && { includeHidden: true }),
  };
}

async function subjectOf(connection: Connection): Promise<string> {
  const subject = claimsOf(await connection.token())?.sub;
  if (subject !== undefined) return subject;
  throw new CliError('--mine needs a token with a subject', {
    hint: 'See its claims: jobtree token --claims',
  });
}

async function* firstStuck(jobs: AsyncIterable<Job>, limit: number): AsyncGenerator<Job> {
  let count = 0;
  for await (const job of jobs) {
    if (!isStuck(job)) continue;
    yield job;
    count += 1;
    if (count === limit) return;
  }
}
