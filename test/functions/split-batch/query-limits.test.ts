import { describe, expect, test } from 'vitest';
import type { Web } from '#core/ports.ts';
import { checkBy } from '#core/schema.ts';
import type { Child, SplitContext } from '#core/splitter.ts';
import { query } from '../../../functions/split-batch/splitters/query.ts';
import { VirtualClock } from '../../support/memory/world.ts';
import { parsedBy } from '../../support/parsed-by.ts';

interface TestPage {
  readonly rows: readonly unknown[];
  readonly next?: string | number;
}

const PATHS = { itemsPath: 'rows', cursorPath: 'next', cursorParameter: 'c' };

/** Splits until the end or a failure; with `isCutOff` each page is read by a continuation of its own. */
async function splitPages(
  pageAt: (cursor: string | null) => TestPage,
  limits: object,
  { isCutOff = false, millisPerPage = 0 } = {},
) {
  const clock = new VirtualClock();
  let pages = 0;
  const web: Web = {
    async send({ url }) {
      pages += 1;
      clock.advance(millisPerPage);
      const bytes = new TextEncoder().encode(JSON.stringify(pageAt(new URL(url).searchParams.get('c'))));
      return { status: 200, headers: {}, body: bodyOf(bytes), close: () => undefined };
    },
  };
  const definition = parsedBy(query.definition, { url: 'https://api.example/list', ...PATHS, ...limits });
  const children: Child[] = [];
  let failure: unknown;
  let cursor: unknown;
  try {
    do {
      const context = { web, clock, cursor } as unknown as SplitContext;
      cursor = undefined;
      for await (const child of query.split(definition, context)) {
        if (child.kind !== 'checkpoint') children.push(child);
        else if (isCutOff) {
          // Simulates the round trip through the row.
          cursor = JSON.parse(JSON.stringify(child.cursor));
          break;
        }
      }
    } while (cursor !== undefined);
  } catch (error) {
    failure = error;
  }
  return { items: children.length, pages, failure };
}

async function* bodyOf(bytes: Uint8Array) {
  yield bytes;
}

/** Pages that never end and never repeat a cursor. */
const endless =
  (rows: number) =>
  (cursor: string | null): TestPage => ({
    rows: Array.from({ length: rows }, (_, at) => at),
    next: Number(cursor ?? 0) + 1,
  });

describe.each([false, true])('a query whose pages are read by separate continuations: %s', (isCutOff) => {
  test.each([
    [['a', 'b'], 4],
    [['a', 'b', 'c', 'd', 'e'], 13],
  ])('fails when its cursors go round in a circle of %j', async (circle, most) => {
    const next = (cursor: string | null) => circle[(circle.indexOf(cursor ?? '') + 1) % circle.length] ?? 'a';

    const { failure, pages } = await splitPages(
      (cursor) => ({ rows: [1], next: next(cursor) }),
      {},
      { isCutOff },
    );

    expect(failure).toMatchObject({
      code: 'cursor-repeated',
      message: expect.stringContaining('api.example'),
    });
    expect(pages).toBeLessThanOrEqual(most);
  });

  test('ends at maxPages', async () => {
    const { failure, pages } = await splitPages(endless(1), { maxPages: 7 }, { isCutOff });

    expect(failure).toMatchObject({
      code: 'limit',
      message: expect.stringMatching(/7 pages; its maxPages is 7/),
    });
    expect(pages).toBe(7);
  });

  test('ends at maxEmptyPages in a row, and no earlier', async () => {
    const sparse = (cursor: string | null): TestPage => {
      const at = Number(cursor ?? 0);
      return { rows: at % 3 === 2 ? [at] : [], ...(at < 20 ? { next: at + 1 } : {}) };
    };

    const fine = await splitPages(sparse, { maxEmptyPages: 2 }, { isCutOff });
    const tooMany = await splitPages(sparse, { maxEmptyPages: 1 }, { isCutOff });

    expect(fine).toMatchObject({ items: 7, pages: 21, failure: undefined });
    expect(tooMany).toMatchObject({ pages: 2, failure: { code: 'limit' } });
    expect(String(tooMany.failure)).toMatch(/2 pages in a row without entries; its maxEmptyPages is 1/);
  });

  test('ends at maxItems', async () => {
    const { failure, items } = await splitPages(endless(10), { maxItems: 25 }, { isCutOff });

    expect(failure).toMatchObject({
      code: 'limit',
      message: expect.stringMatching(/30 entries.*maxItems is 25/),
    });
    expect(items).toBe(20);
  });

  test('ends at maxSeconds of reading', async () => {
    const options = { isCutOff, millisPerPage: 4_000 };

    const { failure, pages } = await splitPages(endless(1), { maxSeconds: 10 }, options);

    expect(failure).toMatchObject({
      code: 'limit',
      message: expect.stringMatching(/12 seconds.*maxSeconds is 10/),
    });
    expect(pages).toBe(3);
  });

  test('refuses a cursor that is too long to keep', async () => {
    const { failure } = await splitPages(() => ({ rows: [1], next: 'x'.repeat(9_000) }), {}, { isCutOff });

    expect(failure).toMatchObject({ code: 'limit', message: expect.stringContaining('9002 characters') });
  });
});

test.each(['maxPages', 'maxEmptyPages', 'maxItems', 'maxSeconds'])('%s has a default and a cap', (name) => {
  const base = { url: 'https://api.example/list' };

  expect(parsedBy(query.definition, base)).toHaveProperty(name, expect.any(Number));
  for (const value of [-1, 1.5, 1e308, Number.MAX_SAFE_INTEGER])
    expect(checkBy(query.definition, { ...base, [name]: value }).ok).toBe(false);
});
