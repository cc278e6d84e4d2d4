/**
 * Cursors that a caller can keep but not make: where to go on, signed together with the request it belongs to. One
 * for another partition, job or filter is refused; what is in it is no key of the table anyway.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type * as z from 'zod';
import { refusal } from '#contract/problem.ts';
import type { Table } from '#core/ports.ts';
import { canonicalJson } from '../../creation/canonical.ts';
import { CURSOR_SECRET } from '../../store/keys.ts';

const KEY_BYTES = 32;

/** What a cursor is good for: operation, path, filters, and which generation of a job. */
export type CursorScope = Readonly<Record<string, unknown>>;

export class Cursors {
  readonly #table: Table;
  #key: Promise<Buffer> | undefined;

  constructor(table: Table) {
    this.#table = table;
  }

  async sign(scope: CursorScope, position: unknown): Promise<string> {
    const content = Buffer.from(JSON.stringify(position)).toString('base64url');
    return `${content}.${await this.#signature(scope, content)}`;
  }

  /** The position in a cursor that was signed for this scope. */
  async open<T>(scope: CursorScope, cursor: string, schema: z.ZodType<T>): Promise<T> {
    const [content = '', signature = '', ...more] = cursor.split('.');
    const expected = Buffer.from(await this.#signature(scope, content));
    const given = Buffer.from(signature);
    const isOurs = more.length === 0 && given.length === expected.length && timingSafeEqual(given, expected);
    const position = isOurs
      ? schema.safeParse(JSON.parse(Buffer.from(content, 'base64url').toString()))
      : undefined;
    if (position?.success) return position.data;
    const detail =
      'is not one of this list; take it from the Link header of the page before, with the same filters';
    throw refusal('invalid-request', `cursor ${detail}`, { errors: [{ parameter: 'cursor', detail }] });
  }

  async #signature(scope: CursorScope, content: string): Promise<string> {
    this.#key ??= this.#readKey();
    const key = await this.#key.catch((error: unknown) => {
      // A store that cannot be reached now may be later.
      this.#key = undefined;
      throw error;
    });
    return createHmac('sha256', key)
      .update(canonicalJson(scope))
      .update('\0')
      .update(content)
      .digest('base64url');
  }

  /** Whoever comes first decides the key; everybody else reads what stands there. */
  async #readKey(): Promise<Buffer> {
    const { row } = await this.#table.get(CURSOR_SECRET, { strong: true });
    if (row !== undefined) return Buffer.from(String(row['key']), 'base64url');
    const key = randomBytes(KEY_BYTES).toString('base64url');
    const written = await this.#table.write(
      { kind: 'update', key: CURSOR_SECRET, change: { setOnce: { key } } },
      'new',
    );
    return Buffer.from(String(written.row?.['key']), 'base64url');
  }
}
