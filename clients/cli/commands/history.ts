import type { HistoryEntry } from '../../client/index.ts';
import type { Context } from '../context.ts';
import { paintStatus } from '../output/output.ts';
import type { Column } from '../output/table.ts';
import { partitionOf } from '../settings/connection.ts';

export async function run({ output, signal, connect }: Context, _options: object, id: string): Promise<void> {
  const columns: Column<HistoryEntry>[] = [
    { title: 'TIME', value: ({ time }) => output.time(time) },
    { title: 'CHANGE', value: ({ verb }) => verb },
    { title: 'STATUS', value: ({ to }) => to, paint: paintStatus(output, ({ to }) => to ?? '') },
    { title: 'ACTOR', value: ({ actor }) => actor, isFlexible: true },
    { title: 'REASON', value: ({ reason }) => reason, isFlexible: true },
  ];
  await output.list(partitionOf(connect()).job(id).history({ signal }), columns, 'There are no changes.');
}
