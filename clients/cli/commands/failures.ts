import type { Failure, FailureGroup } from '../../client/index.ts';
import type { Context } from '../context.ts';
import type { Column } from '../output/table.ts';
import { partitionOf } from '../settings/connection.ts';

interface Options {
  readonly group?: boolean;
  readonly limit?: number;
}

export async function run(
  { output, signal, connect }: Context,
  { group, limit }: Options,
  id: string,
): Promise<void> {
  const job = partitionOf(connect()).job(id);
  const whenEmpty = `The job ${id} has no failures.`;
  if (!group) {
    const columns: Column<Failure>[] = [
      { title: 'TIME', value: ({ failureTime }) => output.time(failureTime) },
      { title: 'CODE', value: ({ code }) => code, paint: (text) => output.paint(text, 'red') },
      { title: 'ATTEMPTS', value: ({ attempts }) => attempts, align: 'right' },
      { title: 'SOURCE', value: ({ failureSource }) => failureSource, isFlexible: true },
      { title: 'MESSAGE', value: ({ failureMessage }) => failureMessage, isFlexible: true },
    ];
    await output.list(job.failures({ limit, signal }), columns, whenEmpty);
    return;
  }
  const columns: Column<FailureGroup>[] = [
    {
      title: 'COUNT',
      value: ({ count, isAtLeast }) => `${count}${isAtLeast ? '+' : ''}`,
      plain: ({ count }) => count,
      align: 'right',
    },
    { title: 'CODE', value: ({ code }) => code, paint: (text) => output.paint(text, 'red') },
    { title: 'LAST', value: ({ lastTime }) => output.time(lastTime) },
    { title: 'MESSAGE', value: ({ message }) => message, isFlexible: true },
    { title: 'EXAMPLE', value: ({ example }) => example.failureSource, isFlexible: true },
  ];
  const count = await output.list(job.failureGroups({ limit, signal }), columns, whenEmpty);
  if (output.isForPeople && count > 0) output.note(`Retry one cause: jobtree retry ${id} --code CODE`);
}
