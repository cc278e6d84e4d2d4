import type { Clock } from '#core/ports.ts';

/** A value that one instance of the API reads at most once in a period. */
export class Recent<T> {
  readonly #load: () => Promise<T>;
  readonly #clock: Clock;
  readonly #freshMillis: number;
  #latest: { readonly readAt: number; readonly value: Promise<T> } | undefined;

  constructor(load: () => Promise<T>, clock: Clock, freshMillis: number) {
    this.#load = load;
    this.#clock = clock;
    this.#freshMillis = freshMillis;
  }

  async read(): Promise<T> {
    const now = this.#clock.now();
    if (this.#latest === undefined || now - this.#latest.readAt >= this.#freshMillis) {
      this.#latest = { readAt: now, value: this.#load() };
    }
    const { value } = this.#latest;
    try {
      return await value;
    } catch (error) {
      this.#latest = undefined;
      throw error;
    }
  }
}
