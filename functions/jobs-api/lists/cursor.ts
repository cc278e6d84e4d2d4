/**
 * Cursors that callers can store but not forge: a position in a list, signed together with its request. A cursor for
 * another partition, job or filter is refused. A position never contains a key of the table.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type * as z from 'zod';
import { refusal } from '#contract/problem.ts';
import type { Table } from '#core/ports.ts';
import { canonicalJson } from '../../creation/canonical.ts';
import { CURSOR_SECRET } from '../../store/keys.ts';

const KEY_BYTES = 32;

/** The request that a cursor belongs to: operation, path, filters and the generation of the job. */
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

  /** Returns the position in a cursor that was signed for this scope. */
  async open<T>(scope: CursorScope, cursor: string, schema: z.ZodType<T>): Promise<T> {
    const [content = '', signature = '', ...more] = cursor.split('.');
    const expected = Buffer.from(await this.#signature(scope, content));
    const received = Buffer.from(signature);
    const isSignedHere =
      more.length === 0 && received.length === expected.length && timingSafeEqual(received, expected);
    const position = isSignedHere
      ? schema.safeParse(JSON.parse(Buffer.from(content, 'base64url').toString()))
      : undefined;
    if (position?.success) return position.data;
    const detail =
      'does not belong to this list; use the one in the Link header of the previous page, with the same filters';
    throw refusal('invalid-request', `cursor ${detail}`, { errors: [{ parameter: 'cursor', detail }] });
  }

  async #signature(scope: CursorScope, content: string): Promise<string> {
    this.#key ??= this.#readKey();
    const key = await this.#key.catch((error: unknown) => {
      // Try again on the next request, because the failure may be temporary.
      this.#key = undefined;
      throw error;
    });
    return createHmac('sha256', key)
      .update(canonicalJson(scope))
      .update('\0')
      .update(content)
      .digest('base64url');
  }

  /** The first instance creates the key; all others read it. */
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
