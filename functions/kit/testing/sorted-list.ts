/** A list that the caller keeps sorted, with binary search. */
export class SortedList<T> {
  readonly #elements: T[] = [];

  get length(): number {
    return this.#elements.length;
  }

  at(position: number): T | undefined {
    return this.#elements[position];
  }

  /** Returns the position of the first element that matches. All later elements must match too. */
  first(holds: (element: T) => boolean): number {
    let low = 0;
    let high = this.#elements.length;
    const last = this.#elements[high - 1];
    // Most elements are inserted in order.
    if (last !== undefined && !holds(last)) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(this.#elements[middle] as T)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  insert(position: number, element: T): void {
    if (position === this.#elements.length) this.#elements.push(element);
    else this.#elements.splice(position, 0, element);
  }

  replace(position: number, element: T): void {
    this.#elements[position] = element;
  }

  remove(position: number): void {
    this.#elements.splice(position, 1);
  }

  takeFirst(count: number): T[] {
    return count === 0 ? [] : this.#elements.splice(0, count);
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#elements[Symbol.iterator]();
  }
}
