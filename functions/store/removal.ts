/** Removes the data of a job in bounded pieces. Every step is safe to repeat. */
import type { JobRun } from '#core/job.ts';
import type { ObjectPrefix } from '#core/object-address.ts';
import { PAGE_SIZE } from '#core/page.ts';
import { mapParallel } from '#core/parallel.ts';
import type { Key, Objects, Table } from '#core/ports.ts';
import { parentOf, ROOT, type TaskPath } from '#core/task-path.ts';
import { type FencedNode, listFences } from './fences.ts';
import {
  FAILURE_ROWS,
  FENCE_SHARDS,
  fenceKey,
  HISTORY_ROWS,
  pageKey,
  progressKey,
  requestKey,
  runRowsPk,
  VISIT_ROWS,
} from './keys.ts';
import { OBJECT_AREAS, objectPrefix } from './object-keys.ts';

const PARALLEL_DELETES = 16;
const OBJECTS_PER_DELETE = 1_000;

export interface RemovalPorts {
  readonly table: Table;
  readonly objects: Objects;
}

/** Pages of one slice of 1,000 children, the number that a splitter sends before it updates the fence. */
const UNFENCED_PAGES = 4;

/**
 * Deletes pages and fences. The fence of a node knows how many children were sent, so the pages need no
 * listing. Each fence is deleted after its pages. Returns false if time ran out; then call again.
 * A crashed splitter may have sent a slice that its fence does not include, or the first slice of a node
 * without a fence. Pages beyond the fence, and those of the parents of fenced nodes, are therefore deleted
 * too.
 */
export async function clearTracking(
  { table }: RemovalPorts,
  run: JobRun,
  isTimeUp: () => boolean,
): Promise<boolean> {
  const nodes = await listNodes(table, run, isTimeUp);
  if (nodes === undefined) return false;
  for (const path of nodesWithoutFence(nodes))
    await deleteRows(table, pageKeys(run, path, UNFENCED_PAGES * PAGE_SIZE));
  for (const { path, fence } of nodes) {
    if (isTimeUp()) return false;
    const children = fence.next + (fence.sealed ? 0 : UNFENCED_PAGES * PAGE_SIZE);
    await deleteRows(table, pageKeys(run, path, children));
    await deleteRows(table, [fenceKey(run, path)]);
  }
  return true;
}

/** Returns all nodes that have a fence; `undefined` if time ran out. */
async function listNodes(
  table: Table,
  run: JobRun,
  isTimeUp: () => boolean,
): Promise<FencedNode[] | undefined> {
  const nodes: FencedNode[] = [];
  for (let shard = 0; shard < FENCE_SHARDS; shard += 1) {
    let after: Readonly<Record<string, unknown>> | undefined;
    do {
      if (isTimeUp()) return undefined;
      const page = await listFences(table, run, shard, after);
      nodes.push(...page.nodes);
      after = page.next;
    } while (after !== undefined);
  }
  return nodes;
}

/** Returns the root and the parents of fenced nodes that have no fence themselves. */
function nodesWithoutFence(nodes: readonly FencedNode[]): Set<TaskPath> {
  const paths = new Set<TaskPath>([ROOT]);
  for (const { path } of nodes) {
    for (let above = parentOf(path); above !== undefined; above = parentOf(above.path)) paths.add(above.path);
  }
  for (const { path } of nodes) paths.delete(path);
  return paths;
}

export interface RemovalScope {
  /**
   * False if the job never started: it has no tracking, and no objects except its request. Looking for them
   * would cost more than the rest of the removal.
   */
  readonly began?: boolean;
  /** Keeps the tracking rows for a later removal. */
  readonly keepsTracking?: boolean;
}

/**
 * Removes all data of a deleted run: tracking, failures, history, progress, the request and all
 * objects.
 */
export async function removeJob(
  ports: RemovalPorts,
  run: JobRun,
  isTimeUp: () => boolean,
  { began = true, keepsTracking = false }: RemovalScope = {},
): Promise<boolean> {
  if (began && !keepsTracking && !(await clearTracking(ports, run, isTimeUp))) return false;
  for (const kind of [FAILURE_ROWS, HISTORY_ROWS, ...(began ? [VISIT_ROWS] : [])]) {
    if (!(await removeRows(ports.table, run, kind, isTimeUp))) return false;
  }
  for (const area of began ? OBJECT_AREAS : []) {
    if (!(await removeObjects(ports.objects, objectPrefix(area, run), isTimeUp))) return false;
  }
  const { row: request } = await ports.table.get(requestKey(run), { strong: true });
  if (typeof request?.['key'] === 'string') await ports.objects.delete([request['key']]);
  await deleteRows(ports.table, [requestKey(run), progressKey(run)]);
  return true;
}

/** Deletes the held work of a final job. */
export async function removeHeld(
  { objects }: RemovalPorts,
  run: JobRun,
  isTimeUp: () => boolean,
): Promise<boolean> {
  return removeObjects(objects, objectPrefix('held', run), isTimeUp);
}

function pageKeys(run: JobRun, path: TaskPath, children: number): Key[] {
  const keys: Key[] = [];
  let count = Math.max(1, children);
  for (let level = 0; ; level += 1) {
    count = Math.ceil(count / PAGE_SIZE);
    for (let page = 0; page < count; page += 1) keys.push(pageKey(run, path, { level, page }));
    // A page that filled up before the seal ticks one level above the top, so that page may exist too.
    if (count === 1) return [...keys, pageKey(run, path, { level: level + 1, page: 0 })];
  }
}

async function removeRows(
  table: Table,
  run: JobRun,
  kind: string,
  isTimeUp: () => boolean,
): Promise<boolean> {
  for (;;) {
    if (isTimeUp()) return false;
    const { rows, next } = await table.query({ pk: runRowsPk(run), begins: kind, limit: 500, strong: true });
    await deleteRows(table, rows);
    if (next === undefined) return true;
  }
}

async function removeObjects(
  objects: Objects,
  prefix: ObjectPrefix,
  isTimeUp: () => boolean,
): Promise<boolean> {
  for (;;) {
    if (isTimeUp()) return false;
    const page = await objects.list(prefix, { limit: OBJECTS_PER_DELETE });
    if (page.objects.length > 0) await objects.delete(page.objects.map(({ key }) => key));
    if (page.next === undefined) return true;
  }
}

async function deleteRows(table: Table, keys: readonly Key[]): Promise<void> {
  await mapParallel(keys, PARALLEL_DELETES, ({ pk, sk }) => table.write({ kind: 'delete', key: { pk, sk } }));
}
