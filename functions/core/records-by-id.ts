import type { OutcomeRecord } from './item.ts';

/**
 * The records of a chunk, each taken once by the id of its item. An id may stand in a chunk twice. A record whose id was
 * lost stands for any item that no other record is about, and is taken under that item's id.
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
    const named = this.#named.get(id)?.shift();
    if (named !== undefined) return named;
    const unnamed = this.#unnamed.shift();
    if (unnamed === undefined) return undefined;
    const { isUnnamed: _isUnnamed, ...record } = unnamed;
    return { ...record, id };
  }
}
