/** A map with a limited number of entries. When it exceeds the limit, it drops the oldest entry. */
export class BoundedMap<K, V> extends Map<K, V> {
  readonly #limit: number;

  constructor(limit: number) {
    super();
    this.#limit = limit;
  }

  override set(key: K, value: V): this {
    super.set(key, value);
    const oldest = this.keys().next();
    if (this.size > this.#limit && oldest.done !== true) this.delete(oldest.value);
    return this;
  }

  /** Sets the value and makes this entry the newest, even if the map had it before. */
  setNewest(key: K, value: V): this {
    this.delete(key);
    return this.set(key, value);
  }
}
