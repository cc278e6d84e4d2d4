/** Lets one call of all that it guards fail, once, before or after its effect; counts them. */
export class FailingCall {
  readonly #at: number;
  readonly #when: 'before' | 'after';
  #isOn = true;
  calls = 0;

  constructor(at: number, when: 'before' | 'after') {
    this.#at = at;
    this.#when = when;
  }

  /** Stops failing and counting calls. */
  stop(): void {
    this.#isOn = false;
  }

  /** These methods of the object are guarded from now on. */
  guard<T extends object>(target: T, ...methods: readonly (keyof T)[]): void {
    for (const method of methods) {
      const call = target[method] as (...inputs: unknown[]) => Promise<unknown>;
      target[method] = ((...inputs: unknown[]) =>
        this.#through(() => call.apply(target, inputs))) as T[keyof T];
    }
  }

  async #through(call: () => Promise<unknown>): Promise<unknown> {
    if (this.#isOn) this.calls += 1;
    const fails = this.#isOn && this.calls === this.#at;
    if (fails && this.#when === 'before') throw new Error('crash');
    const result = await call();
    if (fails) throw new Error('crash');
    return result;
  }
}
