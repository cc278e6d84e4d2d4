/**
 * The fence of a node records how far its splitting has come, so that a repeated split message does not split
 * again. Without it, splitters that continue themselves multiply duplicates (docs/explanation/decisions/0003).
 */

import type { JobRun } from '#core/job.ts';
import { parseJson } from '#core/json/parse-json.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Condition, Row, Table } from '#core/ports.ts';
import type { TaskPath } from '#core/task-path.ts';
import { FENCE_ROWS, fenceKey, fenceShardPk } from './keys.ts';
import { stragglerTtlSeconds } from './retention.ts';

export interface Fence {
  /** Split messages with a lower `from` are stale: their continuation or seal was already sent. */
  readonly from: number;
  /** Index of the next child, and the splitter's own cursor at that position. */
  readonly next: number;
  readonly cursor?: unknown;
  /** Number of earlier slices. A slice may be empty, so `next` does not distinguish them. */
  readonly slices: number;
  /** Number of items among the children so far, and the weight of the batches among them (`batchWeight`). */
  readonly items: number;
  readonly batches: number;
  /** True once every child and the seal were sent. */
  readonly sealed: boolean;
  /** The split message to send, as JSON. Set while the continuation goes through the table's stream. */
  readonly continuation?: string;
  /** Set while splitting fails at this position; removed when the fence moves. */
  readonly trouble?: Trouble;
}

/** Failures since the fence last moved. */
export interface Trouble {
  /** Number of tries that failed for an unknown reason. */
  readonly tries: number;
  /** Number of tries that began with a redelivered message and have not recorded an end. */
  readonly begun: number;
  /** Last error. */
  readonly reason?: string;
  /** Time of the first failure; absent if an earlier release recorded it. */
  readonly since?: number;
}

export const NEW_FENCE: Fence = { from: 0, next: 0, slices: 0, items: 0, batches: 0, sealed: false };

export async function readFence(table: Table, run: JobRun, path: TaskPath): Promise<Fence | undefined> {
  const { row } = await table.get(fenceKey(run, path), { strong: true });
  return row === undefined ? undefined : fenceOfRow(row);
}

/**
 * Moves the fence forward, unless a concurrent splitter has moved it further. Returns the previous fence, for
 * exact differences.
 */
export async function saveFence(
  table: Table,
  run: JobRun,
  path: TaskPath,
  fence: Fence,
  now: number,
): Promise<{ kind: 'saved'; before: Fence | undefined } | { kind: 'stale' }> {
  const { continuation, cursor, trouble: _trouble, ...fields } = fence;
  const isNew: Condition = { attribute: 'pk', is: 'absent' };
  const isBehind: Condition[] = [
    { attribute: 'next', is: 'atMost', value: fence.next },
    { attribute: 'from', is: 'atMost', value: fence.from },
    { attribute: 'sealed', is: 'notEqual', value: 'yes' },
  ];
  const result = await table.write(
    {
      kind: 'put',
      row: {
        ...fenceKey(run, path),
        ...fields,
        sealed: fence.sealed ? 'yes' : 'no',
        path,
        ttl: stragglerTtlSeconds(now),
        ...omitUndefined({ cursor: JSON.stringify(cursor) }),
        ...(continuation === undefined ? {} : { continuation, followUp: 'continue' }),
      },
      when: [{ anyOf: [[isNew], isBehind] }],
    },
    'old',
  );
  if (result.kind === 'refused') return { kind: 'stale' };
  return { kind: 'saved', before: result.row === undefined ? undefined : fenceOfRow(result.row) };
}

/** Removes the continuation after it was sent. The fence itself stays. */
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

/**
 * Returns one page of the nodes of a shard. The shards together list every node of the job that has a fence.
 */
export async function listFences(
  table: Table,
  run: JobRun,
  shard: number,
  after?: Readonly<Record<string, unknown>>,
): Promise<{ nodes: FencedNode[]; next?: Readonly<Record<string, unknown>> }> {
  const page = await table.query({
    pk: fenceShardPk(run, shard),
    begins: FENCE_ROWS,
    ...omitUndefined({ after }),
  });
  const nodes = page.rows.map((row) => ({ path: String(row['path']), fence: fenceOfRow(row) }));
  return omitUndefined({ nodes, next: page.next });
}

export function fenceOfRow(row: Row): Fence {
  const { cursor, continuation } = row;
  const trouble = troubleOfRow(row);
  return {
    from: Number(row['from'] ?? 0),
    next: Number(row['next'] ?? 0),
    slices: Number(row['slices'] ?? 0),
    items: Number(row['items'] ?? 0),
    batches: Number(row['batches'] ?? 0),
    sealed: row['sealed'] === 'yes',
    ...(typeof cursor === 'string' ? { cursor: parseJson(cursor) } : {}),
    ...(typeof continuation === 'string' ? { continuation } : {}),
    ...omitUndefined({ trouble }),
  };
}

function troubleOfRow({ tries, begun, reason, since }: Row): Trouble | undefined {
  if (tries === undefined && begun === undefined && reason === undefined) return undefined;
  return {
    tries: Number(tries ?? 0),
    begun: Number(begun ?? 0),
    ...(reason === undefined ? {} : { reason: String(reason) }),
    ...(since === undefined ? {} : { since: Number(since) }),
  };
}

type TroubleChange =
  | { readonly kind: 'begun' }
  | { readonly kind: 'failed'; readonly reason: string; readonly isUnknown: boolean };

const NO_TROUBLE: Trouble = { tries: 0, begun: 0 };

/**
 * Records at the fence that a try began or failed. `isStep`: the node is the root of a job that runs a
 * template. The first visit creates that fence (visits.ts), so it must not be created here.
 */
export async function recordTrouble(
  table: Table,
  run: JobRun,
  path: TaskPath,
  { change, isStep = false, now }: { change: TroubleChange; isStep?: boolean; now: number },
): Promise<Trouble> {
  const { sealed: _sealed, ...newFence } = NEW_FENCE;
  const setOnce = {
    ...(isStep ? {} : { ...newFence, sealed: 'no' }),
    path,
    ttl: stragglerTtlSeconds(now),
  };
  const { row } = await table.write(
    {
      kind: 'update',
      key: fenceKey(run, path),
      change:
        change.kind === 'begun'
          ? { setOnce, add: { begun: 1 } }
          : {
              setOnce: { ...setOnce, since: now },
              add: { tries: change.isUnknown ? 1 : 0 },
              set: { reason: change.reason, begun: 0 },
            },
    },
    'new',
  );
  return (row && troubleOfRow(row)) ?? NO_TROUBLE;
}
