import type { Task } from '../../client/index.ts';
import type { Context } from '../context.ts';
import type { Column } from '../output/table.ts';
import { age } from '../output/times.ts';
import { partitionOf } from '../settings/connection.ts';

interface Options {
  readonly limit?: number;
}

export async function run(context: Context, { limit }: Options, id: string, parent?: string): Promise<void> {
  const { output, signal, connect } = context;
  const columns: Column<Task>[] = [
    { title: 'PATH', value: ({ path }) => path },
    { title: 'KIND', value: ({ kind, step }) => (step === undefined ? kind : `${kind} ${step}`) },
    { title: 'STATE', value: ({ state, outcome }) => outcome ?? state },
    { title: 'CHILDREN', value: ({ children }) => children, align: 'right' },
    { title: 'OK', value: ({ items }) => items?.succeeded, align: 'right' },
    { title: 'FAILED', value: ({ items }) => items?.failed, align: 'right' },
    { title: 'ATTEMPT', value: ({ attempt }) => attempt, align: 'right' },
    {
      title: 'NEXT TRY',
      value: ({ nextAttemptAt }) => nextAttemptAt && age(nextAttemptAt),
      plain: ({ nextAttemptAt }) => output.time(nextAttemptAt),
    },
    { title: 'LAST ERROR', value: ({ lastError }) => lastError, isFlexible: true },
  ];
  const tasks = partitionOf(connect()).job(id).tasks({ parent, limit, signal });
  const count = await output.list(tasks, columns, 'There are no tasks yet.');
  if (output.isForPeople && count > 0) output.note(`See the children of a task: jobtree tasks ${id} PATH`);
}
