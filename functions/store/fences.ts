/**
 * The fence of a node: how far its splitting has come, so that a repeated split message does not split again.
 * Without it, splitters that continue themselves multiply duplicates (docs/decisions/0003).
 */
import type { JobRun } from '#core/job.ts';
import type { Condition, Row, Table } from '#core/ports.ts';
import type { TaskPath } from '#core/task-path.ts';
import { fenceKey, fenceShardPk } from './keys.ts';
import { stragglerTtlSeconds } from './retention.ts';

export interface Fence {
  /** Split messages that ask for less are stale: their continuation or seal was sent. */
  readonly from: number;
  /** Index of the next child, and the splitter's own cursor there. */
  readonly next: number;
  readonly cursor?: unknown;
  /** Slices that came before; a slice may be empty, so `next` does not tell them apart. */
  readonly slices: number;
  /** Items among the children so far, and what the batches among them weigh (`batchWeight`). */
  readonly items: number;
  readonly batches: number;
  /** Every child was sent, and the seal too. */
  readonly sealed: boolean;
  /** Set while the continuation goes through the table's stream: the split message to send, as JSON. */
  readonly continuation?: string;
}

export const NEW_FENCE: Fence = { from: 0, next: 0, slices: 0, items: 0, batches: 0, sealed: false };

export async function readFence(table: Table, run: JobRun, path: TaskPath): Promise<Fence | undefined> {
  const { row } = await table.get(fenceKey(run, path), { strong: true });
  return row === undefined ? undefined : fenceOfRow(row);
}

/** Moves the fence forward; a twin that came further wins. Answers the fence before, for exact differences. */
export async function saveFence(
  table: Table,
  run: JobRun,
  path: TaskPath,
  fence: Fence,
  now: number,
): Promise<{ outcome: 'saved'; before: Fence | undefined } | { outcome: 'stale' }> {
  const { continuation, cursor, ...kept } = fence;
  const isNew: Condition = { attribute: 'pk', is: 'absent' };
  const isBehind: Condition[] = [
    { attribute: 'next', is: 'atMost', value: fence.next },
    { attribute: 'from', is: 'atMost', value: fence.from },
    { attribute: 'sealed', is: 'notEqual', value: 'yes' },
  ];
  const answer = await table.write(
    {
      kind: 'put',
      row: {
        ...fenceKey(run, path),
        ...kept,
        sealed: fence.sealed ? 'yes' : 'no',
        path,
        ttl: stragglerTtlSeconds(now),
        ...(cursor === undefined ? {} : { cursor: JSON.stringify(cursor) }),
        ...(continuation === undefined ? {} : { continuation, followUp: 'continue' }),
      },
      when: [{ anyOf: [[isNew], isBehind] }],
    },
    'old',
  );
  if (answer.outcome === 'refused') return { outcome: 'stale' };
  return { outcome: 'saved', before: answer.row === undefined ? undefined : fenceOfRow(answer.row) };
}

/** The continuation was sent; the fence itself stays. */
export async function clearContinuation(
  table: Table,
  run: JobRun,
  path: TaskPath,
  from: number,
): Promise<void> {
  await table.write({
    kind: 'update',
    key: fenceKey(run, path),
    change: { remove: ['followUp', 'continuation'] },
    when: [{ attribute: 'from', is: 'equal', value: from }],
  });
}

export interface FencedNode {
  readonly path: TaskPath;
  readonly fence: Fence;
}

/** Nodes of one shard, page by page: the way to enumerate all that a job has in the table. */
export async function listFences(
  table: Table,
  run: JobRun,
  shard: number,
  after?: Readonly<Record<string, unknown>>,
): Promise<{ nodes: FencedNode[]; next?: Readonly<Record<string, unknown>> }> {
  const page = await table.query({ pk: fenceShardPk(run, shard), begins: 'N#', ...(after ? { after } : {}) });
  const nodes = page.rows.map((row) => ({ path: String(row['path']), fence: fenceOfRow(row) }));
  return page.next === undefined ? { nodes } : { nodes, next: page.next };
}

export function fenceOfRow(row: Row): Fence {
  const { cursor, continuation } = row;
  return {
    from: Number(row['from']),
    next: Number(row['next']),
    slices: Number(row['slices'] ?? 0),
    items: Number(row['items']),
    batches: Number(row['batches']),
    sealed: row['sealed'] === 'yes',
    ...(typeof cursor === 'string' ? { cursor: JSON.parse(cursor) } : {}),
    ...(typeof continuation === 'string' ? { continuation } : {}),
  };
}
