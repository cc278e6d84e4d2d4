import { registerHooks } from 'node:module';

/** Pages as small as this have four levels in a tree of a hundred chunks. */
export const SMALL_PAGE = 4;
export const FULL_PAGE = 256;

interface Constant {
  readonly file: string;
  readonly full: RegExp;
  readonly small: string;
}

/**
 * With small pages goes the rest: bulk actions end after one job and go on in the background, job by job, and most
 * messages leave their items in the bucket.
 */
const CONSTANTS: readonly Constant[] = [
  { file: 'core/page.ts', full: /PAGE_SIZE = 256\b/, small: `PAGE_SIZE = ${SMALL_PAGE}` },
  {
    file: 'jobs-api/routes/bulk-actions.ts',
    full: /MAX_JOBS_IN_REQUEST = 1_000\b/,
    small: 'MAX_JOBS_IN_REQUEST = 1',
  },
  {
    file: 'store/bulk.ts',
    full: /SLICE = \{ maxJobs: 250, maxExamined: 5_000 \}/,
    small: 'SLICE = { maxJobs: 1, maxExamined: 2 }',
  },
  { file: 'store/bulk.ts', full: /ROWS_PER_STEP = 250\b/, small: 'ROWS_PER_STEP = 2' },
  {
    file: 'store/claim-check.ts',
    full: /MAX_MESSAGE_BYTES = 60 \* 1024\b/,
    small: 'MAX_MESSAGE_BYTES = 200',
  },
];

/**
 * Loads some files with smaller constants, in this thread: the product has no switch for it, and needs none. Must be
 * called before anything imports them.
 */
export function useSizes(pageSize: number): void {
  if (pageSize === FULL_PAGE) return;
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const constants = CONSTANTS.filter(({ file }) => url.endsWith(`/functions/${file}`));
      if (constants.length === 0) return loaded;
      let source = new TextDecoder().decode(loaded.source as Uint8Array);
      for (const { full, small } of constants) {
        if (!full.test(source)) throw new Error(`${url} no longer says ${full.source}`);
        source = source.replace(full, small);
      }
      return { ...loaded, source };
    },
  });
}

/** Every second schedule is played with small pages. */
export function pageSizeOf(seed: number): number {
  return seed % 2 === 0 ? SMALL_PAGE : FULL_PAGE;
}

/** Of eight seeds one after the other, these and those behind them have jobs that run templates. */
const TEMPLATED_FROM = 6;

export function isTemplated(seed: number): boolean {
  return seed % 8 >= TEMPLATED_FROM;
}
