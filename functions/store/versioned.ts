/**
 * Named documents that were created through the API. Each version is stored as a separate row besides the
 * current one.
 */
import type * as v from 'valibot';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Condition, Key, Row, Table, Write } from '#core/ports.ts';
import { parseStored } from './stored.ts';

/** Attributes of every version, besides its body. */
export interface Version {
  readonly name: string;
  readonly version: number;
  readonly createTime: number;
  readonly createdBy: string;
}

export interface NewVersion<B, V> {
  /**
   * Returns the body. Called only if a new version is created, and again if a concurrent change came first.
   */
  readonly body: () => B | Promise<B>;
  /** Hash of the canonical body, to recognize a repeated PUT. */
  readonly hash: string;
  readonly now: number;
  readonly caller: string;
  /** Maximum number of documents per owner. Applies only if the keys have a `countKey`. */
  readonly limit?: number;
  /**
   * May throw to prevent the change. Receives the version that is about to be replaced; `undefined` if there
   * is none.
   */
  readonly check?: (current: V | undefined) => void;
}

/**
 * Keys of the documents of one kind and owner. The current documents share one partition key; the versions of
 * each document have another one.
 */
export interface VersionedKeys {
  readonly pk: string;
  /** Sort-key prefix of the documents. */
  readonly begins: string;
  /** Row with the number of documents; absent if they are not counted. */
  readonly countKey: Key | undefined;
  key(name: string): Key;
  versionsPk(name: string): string;
  versionKey(name: string, version: number): Key;
}

export class Versioned<B extends object> {
  readonly #keys: VersionedKeys;
  readonly #body: v.GenericSchema;

  /** @param body schema of the members that every release stores */
  constructor(keys: VersionedKeys, body: v.GenericSchema) {
    this.#keys = keys;
    this.#body = body;
  }

  async read(table: Table, name: string): Promise<(B & Version) | undefined> {
    const { row } = await table.get(this.#keys.key(name), { strong: true });
    return row === undefined ? undefined : this.#documentOf(row);
  }

  /**
   * Returns `same` if the body equals the current one; then nothing changes. Returns `full` if the owner has
   * reached the limit.
   */
  async put(
    table: Table,
    name: string,
    {
      body: makeBody,
      hash,
      now,
      caller,
      limit = Number.POSITIVE_INFINITY,
      check,
    }: NewVersion<B, B & Version>,
  ): Promise<{ kind: 'created' | 'changed' | 'same'; document: B & Version } | { kind: 'full' }> {
    for (;;) {
      const { row } = await table.get(this.#keys.key(name), { strong: true });
      const current = row === undefined ? undefined : this.#documentOf(row);
      check?.(current);
      if (current !== undefined && row?.['hash'] === hash) return { kind: 'same', document: current };
      // A deleted document keeps its version number, so that no number is used twice.
      const version = lastVersion(row) + 1;
      if (current === undefined && (await this.#count(table)) >= limit) return { kind: 'full' };
      const body = await makeBody();
      const attributes = {
        name,
        version,
        body: JSON.stringify(body),
        hash,
        createTime: now,
        createdBy: caller,
      };
      const writes: Write[] = [
        { kind: 'put', row: { ...this.#keys.key(name), ...attributes }, when: isStill(row) },
        { kind: 'put', row: { ...this.#keys.versionKey(name, version), ...attributes } },
        ...(current === undefined ? this.#counted(1, limit) : []),
      ];
      // Refused if another PUT or DELETE came first: of this document, or of one that used up the limit.
      if ((await table.transact(writes)).kind === 'refused') continue;
      const document = { ...body, name, version, createTime: now, createdBy: caller };
      return { kind: current === undefined ? 'created' : 'changed', document };
    }
  }

  async delete(
    table: Table,
    name: string,
    check: (current: B & Version) => void,
  ): Promise<'deleted' | 'missing'> {
    for (;;) {
      const { row } = await table.get(this.#keys.key(name), { strong: true });
      const current = row === undefined ? undefined : this.#documentOf(row);
      if (current === undefined) return 'missing';
      check(current);
      const tombstone = { ...this.#keys.key(name), version: current.version };
      const result = await table.transact([
        { kind: 'put', row: tombstone, when: isStill(row) },
        ...this.#counted(-1),
      ]);
      if (result.kind === 'written') return 'deleted';
    }
  }

  /** Returns all current documents, by name. */
  async list(table: Table): Promise<(B & Version)[]> {
    const documents: (B & Version)[] = [];
    let after: Readonly<Record<string, unknown>> | undefined;
    do {
      const page = await table.query({
        pk: this.#keys.pk,
        begins: this.#keys.begins,
        strong: true,
        ...omitUndefined({ after }),
      });
      documents.push(
        ...page.rows.map((row) => this.#documentOf(row)).filter((document) => document !== undefined),
      );
      after = page.next;
    } while (after !== undefined);
    return documents;
  }

  /** Returns the versions, newest first, including those of a deleted document. */
  async versions(
    table: Table,
    name: string,
    { limit, before }: { limit: number; before?: number | undefined },
  ): Promise<(B & Version)[]> {
    const { rows } = await table.query({
      pk: this.#keys.versionsPk(name),
      reverse: true,
      limit,
      strong: true,
      ...(before === undefined ? {} : { after: { ...this.#keys.versionKey(name, before) } }),
    });
    return rows.map((row) => this.#documentOf(row)).filter((document) => document !== undefined);
  }

  /** Returns `undefined` for a deleted document. */
  #documentOf({ name, version, body, createTime, createdBy }: Row): (B & Version) | undefined {
    if (typeof body !== 'string') return undefined;
    return {
      ...(parseStored(this.#body, body, `body of '${name}'`) as B),
      name: String(name),
      version: Number(version),
      createTime: Number(createTime),
      createdBy: String(createdBy),
    };
  }

  async #count(table: Table): Promise<number> {
    if (this.#keys.countKey === undefined) return 0;
    const { row } = await table.get(this.#keys.countKey, { strong: true });
    return Number(row?.['documents'] ?? 0);
  }

  #counted(change: 1 | -1, limit = Number.POSITIVE_INFINITY): Write[] {
    const { countKey } = this.#keys;
    if (countKey === undefined) return [];
    const when: Condition[] = Number.isFinite(limit)
      ? [
          {
            anyOf: [
              [{ attribute: 'documents', is: 'absent' }],
              [{ attribute: 'documents', is: 'less', value: limit }],
            ],
          },
        ]
      : [];
    return [{ kind: 'update', key: countKey, change: { add: { documents: change } }, when }];
  }
}

function lastVersion(row: Row | undefined): number {
  return row === undefined ? 0 : Number(row['version']);
}

function isStill(row: Row | undefined): Condition[] {
  if (row === undefined) return [{ attribute: 'pk', is: 'absent' }];
  return [
    { attribute: 'version', is: 'equal', value: Number(row['version']) },
    { attribute: 'body', is: row['body'] === undefined ? 'absent' : 'present' },
  ];
}
