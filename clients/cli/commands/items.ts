import type { Item } from '../../client/index.ts';
import type { Context } from '../context.ts';
import { paintStatus } from '../output/output.ts';
import type { Column } from '../output/table.ts';
import { partitionOf } from '../settings/connection.ts';

interface Options {
  readonly outcome?: Item['outcome'];
  readonly limit?: number;
}

export async function run({ output, signal, connect }: Context, options: Options, id: string): Promise<void> {
  const { outcome, limit } = options;
  const columns: Column<Item>[] = [
    { title: 'ITEM', value: (item) => item.id, isFlexible: true },
    { title: 'OUTCOME', value: (item) => item.outcome, paint: paintStatus(output, (item) => item.outcome) },
    { title: 'ATTEMPTS', value: ({ attempts }) => attempts, align: 'right' },
    { title: 'RESULT', value: resultText, isFlexible: true },
  ];
  const items = partitionOf(connect()).job(id).items({ outcome, limit, signal });
  await output.list(items, columns, `The job ${id} has no such items yet.`);
}

function resultText({ failure, output, parts = [] }: Item): string | undefined {
  if (failure !== undefined) return `${failure.code}: ${failure.failureMessage}`;
  if (output !== undefined) return typeof output === 'string' ? output : JSON.stringify(output);
  return parts.map(({ filename }) => filename).join(', ');
}
