/** Records which outcomes the pages of a run refer to. The first reference to a chunk counts. */
import type { OutcomeRecord } from '#core/item.ts';
import { decodeLog } from '#core/outcome-log.ts';
import { PAGE_SIZE, positionOf } from '#core/page.ts';
import type { Row } from '#core/ports.ts';
import { blockKey } from '../../functions/store/object-keys.ts';
import { outcomeTotals, parseOutcomes } from '../../functions/store/outcomes.ts';
import type { ChangeRecord } from '../support/memory/table.ts';
import { addReport } from './message-truth.ts';
import { locationText, type RunTruth, runId } from './truth.ts';
import type { Watch } from './watch.ts';

function logOf(row: Row | undefined): readonly string[] {
  return (row?.['o'] as readonly string[] | undefined) ?? [];
}

export function recordLog(
  watch: Watch,
  { truth, path, page }: { readonly truth: RunTruth; readonly path: string; readonly page: number },
  { old, new: row }: ChangeRecord,
): void {
  const before = logOf(old);
  const after = logOf(row);
  if (before.some((entry, at) => entry !== after[at]))
    watch.violated('the log of a page only grows', `${row?.pk}: ${before} became ${after}`);
  // Each entry alone, so that the order between entries is judged here.
  for (const entry of after.slice(before.length)) {
    for (const { element, location } of decodeLog([entry]).values()) {
      const address = `${path}/${page * PAGE_SIZE + positionOf(element)}`;
      const range = { ...location, key: blockKey(truth.run, location.block) };
      recordOutcomes(watch, truth, { address, range });
    }
  }
}

interface Reference {
  readonly address: string;
  readonly range: { readonly key: string; readonly from: number; readonly to: number };
}

function recordOutcomes(watch: Watch, truth: RunTruth, { address, range }: Reference): void {
  const block = truth.blocks.get(range.key);
  const where = `${runId(truth.run)} ${address} at ${locationText(range)}`;
  if (block === undefined || block.length < range.to) {
    // The removal of a deleted job may have deleted it again.
    if (!truth.isDeleted) watch.violated('a page refers only to stored outcomes', where);
    return;
  }
  let records: OutcomeRecord[];
  try {
    records = parseOutcomes(block.subarray(range.from, range.to));
  } catch (error) {
    watch.violated('a page refers to the outcomes of a chunk', `${where}: ${error}`);
    return;
  }
  const { items, failed, skipped } = outcomeTotals(records);
  if (truth.unroutable.has(address)) addReport(truth, address, [items, failed, skipped]);
  if (truth.outcomes.has(address)) return;
  truth.outcomes.set(address, records);
  truth.locations.set(address, locationText(range));
}
