/** Ends a process, in a test, at one of its calls: before the call, or when it is done and its answer lost. */

class Burnt extends Error {
  override readonly name = 'Burnt';
}

export class Fuse {
  readonly #at: number;
  #steps = 0;
  readonly #end = new AbortController();

  /** Two steps a call: before it, and behind it. */
  constructor(at: number) {
    this.#at = at;
  }

  get isBurnt(): boolean {
    return this.signal.aborted;
  }

  /** Aborted when the process has ended. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  around<I extends unknown[], R>(call: (...inputs: I) => Promise<R>): (...inputs: I) => Promise<R> {
    return async (...inputs) => {
      this.#step();
      const result = await call(...inputs);
      this.#step();
      return result;
    };
  }

  /** Wraps an object so that each method call counts as a step. */
  through<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (inner, property) => {
        const member: unknown = Reflect.get(inner, property, inner);
        if (typeof member !== 'function') return member;
        return this.around(async (...inputs: unknown[]) => member.apply(inner, inputs));
      },
    });
  }

  /** A dead process makes no more calls. */
  #step(): void {
    if (this.#steps === this.#at) this.#end.abort();
    this.#steps += 1;
    if (this.isBurnt) throw new Burnt(`the process ended at step ${this.#at}`);
  }
}
