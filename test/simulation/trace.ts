/** Records the events of a schedule in order: always a hash, and the lines on replay. */
export class Trace {
  readonly lines: string[] | undefined;
  steps = 0;
  #hash = 0x811c9dc5;

  constructor(options: { readonly keepLines: boolean }) {
    this.lines = options.keepLines ? [] : undefined;
  }

  note(now: number, who: string, text: string): void {
    this.steps += 1;
    this.#add(text);
    this.#hash = Math.imul(this.#hash ^ now, 0x01000193);
    this.lines?.push(
      `${String(this.steps).padStart(5)} ${(now / 1000).toFixed(3).padStart(10)}s ${who} ${text}`,
    );
  }

  /** Eight hexadecimal digits. */
  get hash(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, '0');
  }

  /** FNV-1a. */
  #add(text: string): void {
    let hash = this.#hash;
    for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    this.#hash = hash;
  }
}
