/** Limits of a query: pages, entries, time, and no repeated cursor. */
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { integer } from '#contract/integers.ts';
import { type CycleMark, nextMark } from '#core/cycle.ts';
import { PermanentFailure } from '#core/errors.ts';
import type { ExactNumber } from '#core/json/exact-number.ts';

/** Maximum length of a cursor, which is part of a row that each slice writes. */
const MAX_CURSOR_CHARACTERS = 8_192;

function limit(range: { readonly min: number; readonly max: number; readonly usual: number }, about: string) {
  const { min, max, usual } = range;
  return v.optional(v.pipe(integer, v.minValue(min), v.maxValue(max), v.description(about)), usual);
}

export const queryLimits = {
  maxPages: limit({ min: 1, max: 1_000_000, usual: 100_000 }, 'Maximum number of pages.'),
  maxEmptyPages: limit(
    { min: 0, max: 10_000, usual: 100 },
    'Maximum number of consecutive pages without entries.',
  ),
  maxItems: limit({ min: 1, max: 100_000_000, usual: 1_000_000 }, 'Maximum number of entries.'),
  maxSeconds: limit(
    { min: 1, max: 604_800, usual: 21_600 },
    'Maximum time for reading pages. Pauses of the job do not count.',
  ),
};
export interface QueryLimits {
  readonly maxPages: number;
  readonly maxEmptyPages: number;
  readonly maxItems: number;
  readonly maxSeconds: number;
}

export type PageCursor = string | number | ExactNumber;

/** Progress of a query. Its size is constant, so that it fits into the cursor of the splitter. */
export type PageWalk = v.InferOutput<typeof pageWalk>;
export const pageWalk = v.object({
  count: integer,
  pages: integer,
  emptyPages: integer,
  millis: v.number(),
  cycle: v.exactOptional(v.object({ mark: v.string(), span: integer, steps: integer })),
});

export const NEW_WALK: PageWalk = { count: 0, pages: 0, emptyPages: 0, millis: 0 };

/** Returns the progress after one more page. Throws if a limit is exceeded. */
export function afterPage(
  before: PageWalk,
  page: { readonly entries: number; readonly next: PageCursor | undefined; readonly millis: number },
  limits: QueryLimits,
  host: string,
): PageWalk {
  const { entries, next, millis } = page;
  const walk = {
    count: before.count + entries,
    pages: before.pages + 1,
    emptyPages: entries === 0 ? before.emptyPages + 1 : 0,
    millis: before.millis + Math.max(0, millis),
  };
  if (walk.count > limits.maxItems) throw beyond('maxItems', `${walk.count} entries or more`, limits);
  if (next === undefined) return walk;
  if (walk.pages >= limits.maxPages) throw beyond('maxPages', `more than ${walk.pages} pages`, limits);
  if (walk.emptyPages > limits.maxEmptyPages)
    throw beyond('maxEmptyPages', `${walk.emptyPages} pages in a row without entries`, limits);
  if (walk.millis > 1_000 * limits.maxSeconds)
    throw beyond('maxSeconds', `more pages after ${Math.round(walk.millis / 1_000)} seconds`, limits);
  return { ...walk, cycle: cycleAfter(before.cycle, next, host) };
}

function cycleAfter(before: CycleMark | undefined, next: PageCursor, host: string): CycleMark {
  const text = JSON.stringify(next);
  if (text.length > MAX_CURSOR_CHARACTERS) {
    throw new PermanentFailure(
      'limit',
      `${host} returned a cursor of ${text.length} characters; at most ${MAX_CURSOR_CHARACTERS} are allowed. Check cursorPath.`,
    );
  }
  const cycle = nextMark(before, createHash('sha256').update(text).digest('base64url').slice(0, 22));
  if (cycle !== 'repeated') return cycle;
  throw new PermanentFailure(
    'cursor-repeated',
    `${host} returned the same cursor twice, so its pages never end. Check cursorPath.`,
  );
}

function beyond(name: keyof QueryLimits, found: string, limits: QueryLimits): PermanentFailure {
  return new PermanentFailure(
    'limit',
    `the query has ${found}; its ${name} is ${limits[name]}. Request fewer entries, or raise ${name} in the definition.`,
  );
}
