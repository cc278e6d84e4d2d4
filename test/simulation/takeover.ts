/** Model of the state that a retry takes over from earlier runs, computed from their outcomes. */
import type { OutcomeRecord } from '#core/item.ts';
import type { Totals } from '#core/page.ts';
import { areEqual } from '../support/memory/values.ts';
import { isRetried, type Retry } from './commands/retry.ts';
import type { ChunkTotals, RunTruth } from './truth.ts';

type Violated = (invariant: string, detail: string) => void;

export class Takeover {
  readonly earlier: RunTruth;
  readonly retry: Retry;
  /** Initial progress in hundredths of a percent: the share of items that have not failed. */
  readonly percent: number;
  /** Ids of items that the retry may run. */
  readonly #openItems = new Set<string>();

  constructor(earlier: RunTruth, retry: Retry, totals: Totals | undefined) {
    const { items, failed } = totals ?? { items: 0, failed: 0 };
    this.percent = items === 0 ? 0 : Math.min(9_999, Math.floor((10_000 * (items - failed)) / items));
    this.earlier = earlier;
    this.retry = retry;
    for (const { id } of earlier
      .newestOutcomes()
      .values()
      .flatMap((records) => records.filter(this.isOpen)))
      this.#openItems.add(id);
  }

  readonly isOpen = (record: OutcomeRecord): boolean => isRetried(record, this.retry.filter);

  mayRun(itemId: string): boolean {
    if (this.#openItems.has(itemId)) return true;
    const disputedChunks = [...this.earlier.newestOutcomes()].filter(([address]) =>
      this.earlier.isDisputed(address),
    );
    return disputedChunks.some(
      ([address, records]) =>
        records.some(({ id }) => id === itemId) || this.#isLost(address, records, itemId),
    );
  }

  /** True if the item may belong to a chunk whose ids were lost and that the retry includes. */
  #isLost(address: string, records: readonly OutcomeRecord[], itemId: string): boolean {
    const [path = '', index = ''] = address.split('/');
    // The retry may name the item itself: the record then represents it.
    const hasOpen = records.some(
      (record) =>
        record.isUnnamed === true && (this.isOpen(record) || this.isOpen({ ...record, id: itemId })),
    );
    return hasOpen && this.earlier.itemsOf(path, Number(index))?.includes(itemId) !== false;
  }

  /** Checks that a chunk of the retry has the selected items, and keeps the records of all others. */
  checkChunk(
    address: string,
    items: readonly string[],
    doneRecords: readonly OutcomeRecord[],
    violated: Violated,
  ): void {
    if (this.earlier.isDisputed(address)) return;
    const records = this.earlier.newest(address) ?? [];
    const openRecords = new Set(records.filter(this.isOpen).map(({ id }) => id));
    if (items.length !== openRecords.size || !items.every((id) => openRecords.has(id)))
      violated('a retry runs exactly the requested items', `${address}: ${items} of ${[...openRecords]}`);
    const closedRecords = records.filter((record) => !this.isOpen(record));
    if (!areEqual(inOrder(doneRecords), inOrder(closedRecords)))
      violated(
        'a retry keeps what is recorded',
        `${address}: ${JSON.stringify(doneRecords)} of ${JSON.stringify(closedRecords)}`,
      );
  }

  /** Checks that a chunk without items to retry is reported as before. */
  checkReport(address: string, report: ChunkTotals, violated: Violated): void {
    if (this.earlier.isDisputed(address)) return;
    const openRecords = (this.earlier.newest(address) ?? []).filter(this.isOpen);
    if (openRecords.length > 0)
      violated('a retry runs exactly the requested items', `${address}: none of ${openRecords.length}`);
    const before = this.earlier.newestReports(address);
    if (!before.some((other) => areEqual(other, report)))
      violated('a retry keeps what is recorded', `${address}: ${report} of ${JSON.stringify(before)}`);
  }
}

function inOrder(records: readonly OutcomeRecord[]): OutcomeRecord[] {
  return records.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
