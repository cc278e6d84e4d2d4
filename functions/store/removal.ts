/** Removes what a job leaves behind, a bounded piece at a time; every step may be repeated. */
import type { JobRun } from '#core/job.ts';
import { PAGE_SIZE } from '#core/page.ts';
import { mapParallel } from '#core/parallel.ts';
import type { Key, Objects, Table } from '#core/ports.ts';
import type { TaskPath } from '#core/task-path.ts';
import { listFences } from './fences.ts';
import {
  FAILURE_ROWS,
  FENCE_SHARDS,
  fenceKey,
  HISTORY_ROWS,
  OBJECT_AREAS,
  objectPrefix,
  pageKey,
  progressKey,
  requestKey,
  runRowsPk,
  VISIT_ROWS,
} from './keys.ts';

const PARALLEL_DELETES = 16;
const OBJECTS_PER_DELETE = 1_000;

export interface RemovalPorts {
  readonly table: Table;
  readonly objects: Objects;
}

/**
 * Pages and fences, which only a running job needs. Every node has a fence, and the fence knows how many children
 * were sent, so the pages need no listing. Answers whether all is gone; if not, call again.
 */
export async function clearTracking(
  { table }: RemovalPorts,
  run: JobRun,
  isOver: () => boolean,
): Promise<boolean> {
  for (let shard = 0; shard < FENCE_SHARDS; shard += 1) {
    let after: Readonly<Record<string, unknown>> | undefined;
    do {
      if (isOver()) return false;
      const page = await listFences(table, run, shard, after);
      for (const { path, fence } of page.nodes) {
        await deleteRows(table, pageKeys(run, path, fence.next));
        await deleteRows(table, [fenceKey(run, path)]);
      }
      after = page.next;
    } while (after !== undefined);
  }
  return true;
}

/**
 * Everything of a deleted generation: tracking, failures, history, progress, the request, and all objects. A job that
 * never `began` has no tracking and no objects but its request; looking for them would cost more than all the rest.
 */
export async function removeJob(
  ports: RemovalPorts,
  run: JobRun,
  isOver: () => boolean,
  began = true,
): Promise<boolean> {
  if (began && !(await clearTracking(ports, run, isOver))) return false;
  for (const kind of [FAILURE_ROWS, HISTORY_ROWS, VISIT_ROWS]) {
    if (!(await removeRows(ports.table, run, kind, isOver))) return false;
  }
  for (const area of began ? OBJECT_AREAS : []) {
    if (!(await removeObjects(ports.objects, objectPrefix(area, run), isOver))) return false;
  }
  const { row: request } = await ports.table.get(requestKey(run), { strong: true });
  if (typeof request?.['key'] === 'string') await ports.objects.delete([request['key']]);
  await deleteRows(ports.table, [requestKey(run), progressKey(run)]);
  return true;
}

/** Work that was held of a job that is over. */
export async function removeHeld(
  { objects }: RemovalPorts,
  run: JobRun,
  isOver: () => boolean,
): Promise<boolean> {
  return removeObjects(objects, objectPrefix('held', run), isOver);
}

function pageKeys(run: JobRun, path: TaskPath, children: number): Key[] {
  const keys: Key[] = [];
  let count = Math.max(1, children);
  for (let level = 0; ; level += 1) {
    count = Math.ceil(count / PAGE_SIZE);
    for (let page = 0; page < count; page += 1) keys.push(pageKey(run, path, { level, page }));
    // A page that filled before the seal ticks one level above the top; that one may exist too.
    if (count === 1) return [...keys, pageKey(run, path, { level: level + 1, page: 0 })];
  }
}

async function removeRows(table: Table, run: JobRun, kind: string, isOver: () => boolean): Promise<boolean> {
  for (;;) {
    if (isOver()) return false;
    const { rows, next } = await table.query({ pk: runRowsPk(run), begins: kind, limit: 500, strong: true });
    await deleteRows(table, rows);
    if (next === undefined) return true;
  }
}

async function removeObjects(objects: Objects, prefix: string, isOver: () => boolean): Promise<boolean> {
  for (;;) {
    if (isOver()) return false;
    const page = await objects.list(prefix, { limit: OBJECTS_PER_DELETE });
    if (page.objects.length > 0) await objects.delete(page.objects.map(({ key }) => key));
    if (page.next === undefined) return true;
  }
}

async function deleteRows(table: Table, keys: readonly Key[]): Promise<void> {
  await mapParallel(keys, PARALLEL_DELETES, ({ pk, sk }) => table.write({ kind: 'delete', key: { pk, sk } }));
}
