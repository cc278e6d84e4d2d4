import { omitUndefined } from '#core/omit-undefined.ts';
import type {
  IndexName,
  Key,
  Page,
  Query,
  Row,
  Table,
  TransactResult,
  Write,
  WriteResult,
} from '#core/ports.ts';
import { readUnits, rowBytes, utf8Bytes, writeUnits } from '#core/units.ts';
import { applyChange, type Entry } from './changes.ts';
import { allHold, assertConditions } from './conditions.ts';
import { type RowPosition, Rows } from './rows.ts';
import { type IndexKeys, project, TableIndex } from './table-index.ts';
import { areEqual, storedMap } from './values.ts';

/** Stream record of one write that changed a row. */
export interface ChangeRecord {
  readonly key: Key;
  readonly old?: Row;
  readonly new?: Row;
}

export interface MemoryTableOptions {
  /** Called with each partition key that is touched, the index's too; it may throw. */
  readonly onAccess?: (pk: string) => void;
  /** Which changes are kept for `takeChanges`. @default all of them */
  readonly streams?: (change: ChangeRecord) => boolean;
  /** Attributes that `by-partition` shows beside the keys. @default all of them */
  readonly indexAttributes?: readonly string[];
}

const MAX_ITEM_BYTES = 400 * 1024;
const MAX_PAGE_BYTES = 1024 * 1024;
const MAX_TRANSACTION_WRITES = 100;
const MAX_TRANSACTION_BYTES = 4 * 1024 * 1024;
const MAX_PK_BYTES = 2048;
const MAX_SK_BYTES = 1024;
const TABLE_KEYS: IndexKeys = { partition: 'pk', sort: 'sk' };

/** A write that was thought through and not done yet. */
type Decision =
  | { readonly refused: true; readonly key: Key; readonly before: Entry | undefined }
  | {
      readonly refused: false;
      readonly key: Key;
      readonly before: Entry | undefined;
      readonly after: Entry | undefined;
    };

/** DynamoDB in memory: the rows it hands out are the stored ones and must not be changed. */
export class MemoryTable implements Table {
  readonly #rows = new Rows();
  readonly #indexes: Readonly<Record<IndexName, TableIndex>>;
  readonly #options: MemoryTableOptions;
  #changes: ChangeRecord[] = [];

  constructor(options: MemoryTableOptions = {}) {
    this.#options = options;
    this.#indexes = {
      'by-partition': new TableIndex({ partition: 'listPk', sort: 'listSk' }, options.indexAttributes),
      due: new TableIndex({ partition: 'duePk', sort: 'dueSk' }, []),
    };
  }

  async get(key: Key, options: { strong?: boolean; attributes?: readonly string[] } = {}) {
    this.#touch(key);
    const entry = this.#rows.find(positionOf(key), key);
    const units = readUnits(entry?.bytes ?? 0, options);
    return entry === undefined ? { units } : { row: project(entry.row, options.attributes), units };
  }

  async write(write: Write, returns?: 'old' | 'new'): Promise<WriteResult> {
    const decision = this.#decide(write);
    const { before } = decision;
    if (decision.refused) {
      const refusal = { kind: 'refused', units: writeUnits(before?.bytes ?? 0) } as const;
      return before === undefined ? refusal : { ...refusal, row: before.row };
    }
    const units = this.#apply(decision, {});
    const returnedRow = returns === undefined ? undefined : returns === 'old' ? before : decision.after;
    return returnedRow === undefined
      ? { kind: 'written', units }
      : { kind: 'written', row: returnedRow.row, units };
  }

  async transact(writes: readonly Write[]): Promise<TransactResult> {
    assertTransaction(writes);
    const decisions = writes.map((write) => this.#decide(write));
    if (decisions.some(({ refused }) => refused)) {
      return {
        kind: 'refused',
        refused: decisions.map((decision) =>
          decision.refused ? (decision.before?.row ?? 'missing') : undefined,
        ),
        units: sum(decisions.map(({ before }) => writeUnits(before?.bytes ?? 0, { transaction: true }))),
      };
    }
    const bytes = sum(decisions.map((decision) => ('after' in decision ? (decision.after?.bytes ?? 0) : 0)));
    if (bytes > MAX_TRANSACTION_BYTES) throw new Error('a transaction holds at most 4 MB');
    return {
      kind: 'written',
      units: sum(decisions.map((decision) => this.#apply(decision, { transaction: true }))),
    };
  }

  async query(query: Query): Promise<Page> {
    const { index, pk, begins = '', upTo, after, limit, reverse = false, strong = false } = query;
    this.#options.onAccess?.(pk);
    if (strong && index !== undefined) throw new Error('an index cannot be read strongly');
    if (upTo !== undefined && begins !== '') throw new Error('a query has one condition on the sort key');
    const source = index === undefined ? undefined : this.#indexes[index];
    const keys = source?.keys ?? TABLE_KEYS;
    const start = after === undefined ? undefined : startOf(query, after, keys);
    const rows: Row[] = [];
    let bytes = 0;
    const walk = {
      begins,
      reverse,
      ...omitUndefined({ upTo, after: start }),
    };
    for (const { row, bytes: size } of (source?.rows ?? this.#rows).walk(pk, walk)) {
      const isFull = rows.length === limit || (rows.length > 0 && bytes + size > MAX_PAGE_BYTES);
      const last = rows.at(-1);
      if (isFull && last !== undefined) {
        return { rows, next: cursorOf(last, keys), units: readUnits(bytes, { strong }) };
      }
      rows.push(row);
      bytes += size;
    }
    // DynamoDB does not look ahead: a page that just reached its limit names a next one, though it be empty.
    const last = rows.length === limit ? rows.at(-1) : undefined;
    const page = { rows, units: readUnits(bytes, { strong }) };
    return last === undefined ? page : { ...page, next: cursorOf(last, keys) };
  }

  /** Takes the oldest changes out of the stream. */
  takeChanges(max = Number.POSITIVE_INFINITY): ChangeRecord[] {
    if (max < this.#changes.length) return this.#changes.splice(0, max);
    const takenChanges = this.#changes;
    this.#changes = [];
    return takenChanges;
  }

  get pendingChanges(): number {
    return this.#changes.length;
  }

  /** For assertions: every row, by partition. */
  *rows(): Generator<Row> {
    for (const { row } of this.#rows) yield row;
  }

  #touch({ pk, sk }: Key): void {
    assertKeyPart(pk, MAX_PK_BYTES);
    assertKeyPart(sk, MAX_SK_BYTES);
    this.#options.onAccess?.(pk);
  }

  #decide(write: Write): Decision {
    const key = write.kind === 'put' ? write.row : write.key;
    this.#touch(key);
    const before = this.#rows.find(positionOf(key), key);
    assertConditions(write.when ?? []);
    if (!allHold(write.when ?? [], before?.row)) return { refused: true, key, before };
    const after = entryAfter(write, before);
    if (after !== undefined && after.bytes > MAX_ITEM_BYTES) {
      throw new Error(`a row of ${after.bytes} bytes is too large; at most ${MAX_ITEM_BYTES}`);
    }
    return { refused: false, key, before, after };
  }

  #apply(decision: Decision, options: { transaction?: boolean }): number {
    if (decision.refused) return 0;
    const { before, after } = decision;
    const units = writeUnits(Math.max(before?.bytes ?? 0, after?.bytes ?? 0), options);
    if (before === after) return units;
    const key = { pk: decision.key.pk, sk: decision.key.sk };
    if (after === undefined) this.#rows.remove(positionOf(key), key);
    else this.#rows.put(positionOf(key), after);
    const change = { key, ...omitUndefined({ old: before?.row, new: after?.row }) };
    if (this.#options.streams?.(change) !== false) this.#changes.push(change);
    return units + sum(Object.values(this.#indexes).map((index) => index.apply(before, after)));
  }
}

function entryAfter(write: Write, before: Entry | undefined): Entry | undefined {
  switch (write.kind) {
    case 'put': {
      const row = storedMap(write.row) as Row;
      return areEqual(before?.row, row) ? before : { row, bytes: rowBytes(row) };
    }
    case 'update':
      return applyChange(before, write.key, write.change);
    case 'delete':
      return undefined;
    case 'check':
      return before;
  }
}

function positionOf({ pk, sk }: Key): RowPosition {
  return { partition: pk, sort: sk };
}

function cursorOf(row: Row, { partition, sort }: IndexKeys): Readonly<Record<string, unknown>> {
  const { pk, sk } = row;
  return { pk, sk, [partition]: row[partition], [sort]: row[sort] };
}

function startOf(
  { pk, begins = '' }: Query,
  after: Readonly<Record<string, unknown>>,
  keys: IndexKeys,
): { sort: string; key: Key } {
  const { [keys.partition]: partition, [keys.sort]: sort } = after;
  if (partition !== pk || !String(sort).startsWith(begins)) {
    throw new Error('the starting key does not belong to this query');
  }
  return { sort: String(sort), key: { pk: String(after['pk']), sk: String(after['sk']) } };
}

function assertKeyPart(text: string, maxBytes: number): void {
  // A UTF-16 unit takes three bytes at most.
  if (text.length > 0 && (text.length * 3 <= maxBytes || utf8Bytes(text) <= maxBytes)) return;
  throw new Error(`a key of ${text.length} characters is not allowed; it holds 1 to ${maxBytes} bytes`);
}

function assertTransaction(writes: readonly Write[]): void {
  if (writes.length === 0 || writes.length > MAX_TRANSACTION_WRITES) {
    throw new Error(`a transaction holds 1 to ${MAX_TRANSACTION_WRITES} writes, got ${writes.length}`);
  }
  const keys = writes.map((write) => (write.kind === 'put' ? write.row : write.key));
  if (new Set(keys.map(({ pk, sk }) => JSON.stringify([pk, sk]))).size < keys.length) {
    throw new Error('a transaction writes each row at most once');
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
