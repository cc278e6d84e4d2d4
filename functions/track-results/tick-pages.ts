import type { Clock, Log, Table } from '#core/ports.ts';
import { nodeOf } from '#core/task-path.ts';
import { touchPage } from '../store/pages.ts';
import { recordExits } from '../store/visits.ts';
import type { Accepted } from './accept-records.ts';
import { type CascadeResult, cascade } from './cascade.ts';
import { chunkName, type StoredReport } from './store-outcomes.ts';
import { Ticks } from './ticks.ts';

export interface TickPagesPorts {
  readonly table: Table;
  readonly clock: Clock;
  readonly log: Log;
}

/** Ticks the children that the messages report, and follows each completed page up to the root of its job. */
export async function tickPages(
  { table, clock, log }: TickPagesPorts,
  records: readonly (Accepted & StoredReport)[],
  failed: Set<string>,
): Promise<CascadeResult> {
  const ticks = new Ticks();
  for (const record of records) addTicks(ticks, record);
  const result = await cascade(
    ticks,
    (touch) => touchPage(table, touch, clock.now()),
    (run, path, codes) => recordExits(table, run, nodeOf(path), codes),
  );
  for (const id of result.failed) failed.add(id);
  for (const { run, error, ...page } of result.unwritten) {
    log.warn('page could not be written', { ...run, ...page, error: String(error) });
  }
  for (const { run } of result.conflictingSeals) log.alarm('node sealed twice with another size', { ...run });
  return result;
}

function addTicks(ticks: Ticks, { id, run, job, message, stored }: Accepted & StoredReport): void {
  if (message.kind === 'held' || message.kind === 'wake' || message.kind === 'flow') return;
  const sources = [id];
  if (message.kind === 'progress') {
    const { itemsPerTask } = job.plan;
    const thousandths = Math.floor(1_000 * message.fraction * Math.min(message.items, itemsPerTask));
    ticks.update({ run, path: message.path, itemsPerTask, sources }, message.index, thousandths);
    return;
  }
  const { itemsPerTask } = message;
  if (message.kind === 'seal') {
    ticks.seal({ run, path: message.path, itemsPerTask, sources }, message.children, message.found);
    return;
  }
  for (const { path, d: succeededChunks, x: otherChunks } of message.nodes) {
    const node = { run, path, itemsPerTask, sources };
    const allSucceeded = { items: itemsPerTask, failed: 0, skipped: 0 };
    for (const index of succeededChunks)
      ticks.chunk(node, index, allSucceeded, stored?.get(chunkName(path, index)));
    for (const [index, items, itemsFailed, skipped] of otherChunks) {
      const totals = { items, failed: itemsFailed, skipped };
      ticks.chunk(node, index, totals, stored?.get(chunkName(path, index)));
    }
  }
}
