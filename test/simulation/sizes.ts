import { registerHooks } from 'node:module';

/** Page size at which a tree of a hundred chunks has four levels of pages. */
export const SMALL_PAGE = 4;
export const FULL_PAGE = 256;

interface Constant {
  readonly file: string;
  readonly full: RegExp;
  readonly small: string;
}

/**
 * Constants that are reduced together with the page size. With these, a bulk action changes one job in the request and
 * one in each later slice, and most messages store their items in the bucket.
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
 * Loads some files with smaller constants in this thread, because the product has no setting for them. Call it before
 * any import of these files.
 */
export function useSizes(pageSize: number): void {
  if (pageSize === FULL_PAGE) return;
  registerHooks({
    load(url, context, nextLoad) {
      const loadedModule = nextLoad(url, context);
      const constants = CONSTANTS.filter(({ file }) => url.endsWith(`/functions/${file}`));
      if (constants.length === 0) return loadedModule;
      let source = new TextDecoder().decode(loadedModule.source as Uint8Array);
      for (const { full, small } of constants) {
        if (!full.test(source)) throw new Error(`${url} no longer contains ${full.source}`);
        source = source.replace(full, small);
      }
      return { ...loadedModule, source };
    },
  });
}
