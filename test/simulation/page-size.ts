import { registerHooks } from 'node:module';

/** Pages as small as this have four levels in a tree of a hundred chunks. */
export const SMALL_PAGE = 4;
export const FULL_PAGE = 256;

const CONSTANT = /PAGE_SIZE = 256\b/;

/**
 * Loads `core/page.ts` with smaller pages, in this thread: the product has no switch for it, and needs none. Must be
 * called before anything imports it.
 */
export function usePageSize(size: number): void {
  if (size === FULL_PAGE) return;
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (!url.endsWith('/functions/core/page.ts')) return loaded;
      const source = new TextDecoder().decode(loaded.source as Uint8Array);
      if (!CONSTANT.test(source)) throw new Error(`${url} no longer says PAGE_SIZE = 256`);
      return { ...loaded, source: source.replace(CONSTANT, `PAGE_SIZE = ${size}`) };
    },
  });
}

/** Every second schedule is played with small pages. */
export function pageSizeOf(seed: number): number {
  return seed % 2 === 0 ? SMALL_PAGE : FULL_PAGE;
}
