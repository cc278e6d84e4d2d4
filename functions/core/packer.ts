/** Limits of a group. */
interface GroupLimits {
  readonly maxBytes: number;
  readonly maxEntries?: number;
}

/** Collects entries into groups within limits. An entry above the limit is a group of its own. */
export class Packer<T> {
  readonly #limits: GroupLimits;
  #open: T[] = [];
  #bytes = 0;

  constructor(limits: GroupLimits) {
    this.#limits = limits;
  }

  /** Adds an entry to the open group. If the entry does not fit, returns that group and opens the next one. */
  add(entry: T, bytes: number): T[] | undefined {
    const { maxBytes, maxEntries = Number.POSITIVE_INFINITY } = this.#limits;
    const fits = this.#open.length < maxEntries && this.#bytes + bytes <= maxBytes;
    const full = fits || this.#open.length === 0 ? undefined : this.take();
    this.#open.push(entry);
    this.#bytes += bytes;
    return full;
  }

  /** Removes and returns the open group. It is empty if no entry was added since. */
  take(): T[] {
    const group = this.#open;
    this.#open = [];
    this.#bytes = 0;
    return group;
  }
}

/** Returns the entries in order, in the fewest consecutive groups within the limits. No group is empty. */
export function* packed<T>(
  entries: Iterable<T>,
  bytesOf: (entry: T, position: number) => number,
  limits: GroupLimits,
): Generator<T[]> {
  const packer = new Packer<T>(limits);
  let position = 0;
  for (const entry of entries) {
    const full = packer.add(entry, bytesOf(entry, position));
    if (full !== undefined) yield full;
    position += 1;
  }
  const last = packer.take();
  if (last.length > 0) yield last;
}
