import type { Change, Key, Row } from '#core/ports.ts';
import { utf8Bytes, valueBytes } from '#core/units.ts';
import { areEqual, storedValue } from './values.ts';

/** A stored row and its size, because measuring a full page again costs more than changing it. */
export interface Entry {
  readonly row: Row;
  readonly bytes: number;
}

/** Returns the entry after the change. Returns the same object if nothing changes. */
export function applyChange(before: Entry | undefined, key: Key, change: Change): Entry {
  assertDistinct(change);
  const draft = new Draft(before, key);
  for (const [name, value] of Object.entries(change.set ?? {})) draft.set(name, value);
  for (const [name, value] of Object.entries(change.setOnce ?? {})) {
    if (draft.get(name) === undefined) draft.set(name, value);
  }
  for (const [name, value] of Object.entries(change.add ?? {})) {
    if (typeof value === 'number') draft.sum(name, value);
    else draft.unite(name, value);
  }
  for (const [name, values] of Object.entries(change.append ?? {})) draft.append(name, values);
  for (const name of change.remove ?? []) draft.remove(name);
  return draft.entry();
}

class Draft {
  readonly #before: Entry | undefined;
  readonly #row: Key & Record<string, unknown>;
  #bytes: number;
  #isChanged: boolean;

  constructor(before: Entry | undefined, key: Key) {
    this.#before = before;
    this.#row = { ...(before?.row ?? { pk: key.pk, sk: key.sk }) };
    this.#bytes = before?.bytes ?? utf8Bytes(key.pk) + utf8Bytes(key.sk) + 4;
    this.#isChanged = before === undefined;
  }

  get(name: string): unknown {
    return this.#row[name];
  }

  set(name: string, value: unknown): void {
    if (value === undefined) return;
    const stored = storedValue(value);
    if (areEqual(this.#row[name], stored)) return;
    this.#put(name, stored, valueBytes(stored) - this.#sizeOf(name));
  }

  sum(name: string, value: number): void {
    const current = this.#row[name] ?? 0;
    if (typeof current !== 'number')
      throw new Error(`attribute '${name}' is not a number, so ADD cannot change it`);
    if (value === 0 && this.#row[name] !== undefined) return;
    const sum = storedValue(current + value);
    this.#put(name, sum, valueBytes(sum) - this.#sizeOf(name));
  }

  unite(name: string, elements: ReadonlySet<bigint>): void {
    const current = this.#row[name];
    if (current !== undefined && !(current instanceof Set)) {
      throw new Error(`attribute '${name}' is not a set, so ADD cannot add members to it`);
    }
    const fresh = [...elements].filter((element) => current?.has(element) !== true);
    if (fresh.length === 0) return;
    const union = new Set<unknown>(current);
    let bytes = 0;
    for (const element of fresh) {
      union.add(element);
      bytes += valueBytes(element);
    }
    this.#put(name, union, bytes);
  }

  append(name: string, values: readonly unknown[]): void {
    const current = this.#row[name] ?? [];
    if (!Array.isArray(current))
      throw new Error(`attribute '${name}' is not a list, so list_append cannot extend it`);
    this.set(name, [...current, ...values]);
  }

  remove(name: string): void {
    if (this.#row[name] === undefined) return;
    this.#bytes -= this.#sizeOf(name) + utf8Bytes(name);
    delete this.#row[name];
    this.#isChanged = true;
  }

  entry(): Entry {
    if (this.#before !== undefined && !this.#isChanged) return this.#before;
    return { row: this.#row, bytes: this.#bytes };
  }

  #sizeOf(name: string): number {
    return this.#row[name] === undefined ? 0 : valueBytes(this.#row[name]);
  }

  #put(name: string, value: unknown, moreBytes: number): void {
    this.#bytes += moreBytes + (this.#row[name] === undefined ? utf8Bytes(name) : 0);
    this.#row[name] = value;
    this.#isChanged = true;
  }
}

/** DynamoDB refuses an update that names an attribute twice, or one of the key. */
function assertDistinct({ set, setOnce, add, append, remove = [] }: Change): void {
  const names = [set, setOnce, add, append].flatMap((part) => (part === undefined ? [] : Object.keys(part)));
  names.push(...remove);
  if (new Set(names).size < names.length)
    throw new Error(`an attribute is changed twice: ${names.join(', ')}`);
  if (names.includes('pk') || names.includes('sk')) throw new Error('the key of a row cannot be changed');
}
