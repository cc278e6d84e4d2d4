import { randomUUID } from 'node:crypto';
import type { Key, Page, Query, Row, Table } from '#core/ports.ts';

export const KILOBYTE = 1024;
/** DynamoDB's largest number has 38 digits. */
export const LONGEST = 10n ** 38n - 1n;

/** Returns a key in a partition that no other test uses. */
export function freshKey(sk = 'ROW'): Key {
  return { pk: `P#${randomUUID()}`, sk };
}

export async function put(table: Table, row: Row): Promise<void> {
  await table.write({ kind: 'put', row });
}

export async function read(table: Table, key: Key): Promise<Row | undefined> {
  return (await table.get(key, { strong: true })).row;
}

export async function allPages(table: Table, query: Query): Promise<Page[]> {
  const pages: Page[] = [];
  let next: Page['next'];
  do {
    const page: Page = await table.query(next === undefined ? query : { ...query, after: next });
    pages.push(page);
    next = page.next;
  } while (next !== undefined);
  return pages;
}

export function sortKeys(pages: readonly Page[]): string[] {
  return pages.flatMap(({ rows }) => rows.map(({ sk }) => sk));
}
