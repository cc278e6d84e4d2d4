import type { OutcomeRecord } from './item.ts';

/**
 * The records of a chunk, each taken once by the id of its item. A chunk can contain an id twice. A record
 * whose id was lost is used for any item without its own record, under that item's id.
 */
export class RecordsById {
  readonly #named: ReadonlyMap<string, OutcomeRecord[]>;
  readonly #unnamed: OutcomeRecord[];

  constructor(records: readonly OutcomeRecord[]) {
    this.#named = Map.groupBy(
      records.filter(({ isUnnamed }) => isUnnamed !== true),
      ({ id }) => id,
    );
    this.#unnamed = records.filter(({ isUnnamed }) => isUnnamed === true);
  }

  take(id: string): OutcomeRecord | undefined {
    const namedRecord = this.#named.get(id)?.shift();
    if (namedRecord !== undefined) return namedRecord;
    const unnamedRecord = this.#unnamed.shift();
    if (unnamedRecord === undefined) return undefined;
    const { isUnnamed: _isUnnamed, ...record } = unnamedRecord;
    return { ...record, id };
  }
}
