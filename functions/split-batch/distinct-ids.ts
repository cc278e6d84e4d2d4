/** Makes the ids of a chunk distinct. Failures, responses of endpoints and recorded outcomes refer to an item by its id. */
export class DistinctIds {
  readonly #ids = new Set<string>();
  readonly #repeats = new Map<string, number>();
  /** Number of items that got another id. */
  changed = 0;

  /** Returns the id, with `#2`, `#3` and so on for later items with the same id. The order decides, so a repetition gives the same ids. */
  take(id: string): string {
    const distinct = this.#ids.has(id) ? this.#next(id) : id;
    this.#ids.add(distinct);
    return distinct;
  }

  #next(id: string): string {
    this.changed += 1;
    for (let count = (this.#repeats.get(id) ?? 1) + 1; ; count += 1) {
      const next = `${id}#${count}`;
      if (this.#ids.has(next)) continue;
      this.#repeats.set(id, count);
      return next;
    }
  }
}
