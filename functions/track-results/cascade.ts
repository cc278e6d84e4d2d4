/**
 * Ticks pages and follows what became complete, up to the root, within one invocation.
 *
 * Level-triggered: completeness is looked at after every touch, also one that changed nothing. A crash anywhere
 * brings the messages back, the union changes nothing, the page is seen complete again and the cascade goes on.
 */
import type { JobRun } from '#core/job.ts';
import {
  addTotals,
  elementsByPosition,
  encodeElement,
  FIRST_PAGE,
  isComplete,
  NO_ITEMS,
  PAGE_SIZE,
  type PageAddress,
  type PageState,
  pageAbove,
  pageOfChild,
  pageTotals,
  pageUnderway,
  sealedPages,
  subtractTotals,
  type Totals,
  totalsOf,
} from '#core/page.ts';
import { mapParallel } from '#core/parallel.ts';
import type { Found } from '#core/progress.ts';
import { depthOf, parentOf, ROOT, type TaskPath } from '#core/task-path.ts';
import type { PageTouch } from '../store/pages.ts';

/** Page writes in flight at once. */
const PARALLEL_TOUCHES = 32;

/** A touch in the making: what several messages together do to one page. */
interface Tick extends PageAddress {
  readonly run: JobRun;
  readonly path: TaskPath;
  readonly itemsPerTask: number;
  readonly elements: Set<bigint>;
  /** Positions that chunks reported, as opposed to pages and batches below that became complete. */
  readonly reported: Set<number>;
  expected?: number;
  top?: boolean;
  /** From a seal, on the first page of the node. */
  children?: number;
  found?: Found | undefined;
  /** From updates, by position. */
  underway?: Map<number, number>;
  /** Seals among the messages disagree. */
  isContradicted?: true;
  /** Ids of the messages that this touch acts for; they are retried if it fails. */
  readonly sources: Set<string>;
}

export class Ticks {
  readonly #byPage = new Map<string, Tick>();

  get size(): number {
    return this.#byPage.size;
  }

  values(): Tick[] {
    return [...this.#byPage.values()];
  }

  child(node: TickedNode, index: number, totals: Totals, origin: 'chunk' | 'batch'): void {
    this.#element(node, pageOfChild(index), index, totals, origin);
  }

  page(node: TickedNode, page: PageAddress, totals: Totals): void {
    this.#element(node, pageAbove(page), page.page, totals, 'batch');
  }

  /** `found` where the node is to be counted with its seal. */
  seal(node: TickedNode, children: number, found?: Found): void {
    const tick = this.#tick(node, FIRST_PAGE);
    if (tick.children !== undefined && tick.children !== children) tick.isContradicted = true;
    if (tick.children === undefined) tick.found = found;
    tick.children ??= children;
    tick.expected ??= Math.min(children, PAGE_SIZE);
    tick.top ??= children <= PAGE_SIZE;
  }

  /** So many thousandths of items of a chunk are done, it says. */
  update(node: TickedNode, index: number, thousandths: number): void {
    const tick = this.#tick(node, pageOfChild(index));
    tick.underway ??= new Map();
    tick.underway.set(index % PAGE_SIZE, thousandths);
  }

  /** The right edge, once the first page has taken the seal. */
  edge(node: TickedNode, children: number): void {
    for (const page of sealedPages(children)) {
      const tick = this.#tick(node, page);
      tick.expected = page.expected;
      tick.top = page.top;
    }
  }

  #element(
    node: TickedNode,
    page: PageAddress,
    index: number,
    totals: Totals,
    origin: 'chunk' | 'batch',
  ): void {
    const tick = this.#tick(node, page);
    const element = encodeElement(index, totals, node.itemsPerTask);
    tick.elements.add(element);
    if (origin === 'chunk')
      for (const position of elementsByPosition([element]).keys()) tick.reported.add(position);
  }

  #tick(node: TickedNode, { level, page }: PageAddress): Tick {
    const { run, path, itemsPerTask, sources } = node;
    const key = JSON.stringify([run.partition, run.job, run.generation, path, level, page]);
    let tick = this.#byPage.get(key);
    if (tick === undefined) {
      tick = {
        run,
        path,
        level,
        page,
        itemsPerTask,
        elements: new Set(),
        reported: new Set(),
        sources: new Set(),
      };
      this.#byPage.set(key, tick);
    }
    for (const source of sources) tick.sources.add(source);
    return tick;
  }
}

export interface TickedNode {
  readonly run: JobRun;
  readonly path: TaskPath;
  readonly itemsPerTask: number;
  readonly sources: Iterable<string>;
}

export interface CascadeOutcome {
  /** Jobs whose root is complete, with their exact totals. */
  readonly complete: readonly {
    readonly run: JobRun;
    readonly totals: Totals;
    readonly sources: ReadonlySet<string>;
  }[];
  /** Children of a root that are complete: steps, where the job runs a template. */
  readonly children: readonly {
    readonly run: JobRun;
    readonly path: TaskPath;
    readonly totals: Totals;
    readonly sources: ReadonlySet<string>;
  }[];
  /**
   * Items that became final by these very touches, and thousandths of items that chunks say they have done beyond
   * that: the differences of the pages before and after.
   */
  readonly counted: readonly {
    readonly run: JobRun;
    readonly path: TaskPath;
    readonly totals: Totals;
    readonly underway: number;
  }[];
  /** Nodes that became sealed by these very touches, of those that are to be counted so. */
  readonly found: readonly { readonly run: JobRun; readonly path: TaskPath; readonly found: Found }[];
  /** Messages whose work could not be written. */
  readonly failed: ReadonlySet<string>;
  /** Pages that could not be written, each with the reason, for the log. */
  readonly unwritten: readonly (PageAddress & {
    readonly run: JobRun;
    readonly path: TaskPath;
    readonly error: unknown;
  })[];
  /** Nodes sealed twice with another number of children: a splitter that is not stable. */
  readonly sealedOtherwise: readonly { readonly run: JobRun; readonly path: TaskPath }[];
}

export type Touch = (touch: PageTouch) => Promise<{ before: PageState; after: PageState }>;

export async function cascade(first: Ticks, touch: Touch): Promise<CascadeOutcome> {
  const complete: CascadeOutcome['complete'][number][] = [];
  const children: CascadeOutcome['children'][number][] = [];
  const counted: CascadeOutcome['counted'][number][] = [];
  const found: CascadeOutcome['found'][number][] = [];
  const sealedOtherwise: CascadeOutcome['sealedOtherwise'][number][] = [];
  const failed = new Set<string>();
  const unwritten: CascadeOutcome['unwritten'][number][] = [];
  for (let ticks = first; ticks.size > 0; ) {
    const next = new Ticks();
    const touched = await mapParallel(ticks.values(), PARALLEL_TOUCHES, async (tick) => ({
      tick,
      // A page that cannot be written fails only its own messages.
      pages: await touch(tick).catch((error: unknown) => {
        const { run, path, level, page } = tick;
        unwritten.push({ run, path, level, page, error });
        return undefined;
      }),
    }));
    for (const { tick, pages } of touched) {
      if (pages === undefined) {
        for (const source of tick.sources) failed.add(source);
        continue;
      }
      counted.push({
        run: tick.run,
        path: tick.path,
        totals: newlyCounted(tick, pages.before, pages.after),
        underway: pageUnderway(pages.after) - pageUnderway(pages.before),
      });
      if (tick.children !== undefined) {
        const isTheFirst = pages.after.children === tick.children;
        if (!isTheFirst || tick.isContradicted === true) sealedOtherwise.push(tick);
        if (pages.before.children === undefined && tick.found !== undefined)
          found.push({ run: tick.run, path: tick.path, found: tick.found });
        if (isTheFirst && tick.children > PAGE_SIZE) next.edge(tick, tick.children);
      }
      if (!isComplete(pages.after)) continue;
      const totals = pageTotals(pages.after.elements, tick.itemsPerTask);
      if (pages.after.top !== true) next.page(tick, tick, totals);
      else if (tick.path === ROOT) complete.push({ run: tick.run, totals, sources: tick.sources });
      else {
        if (depthOf(tick.path) === 1) {
          children.push({ run: tick.run, path: tick.path, totals, sources: tick.sources });
        }
        tickParent(next, tick, totals);
      }
    }
    ticks = next;
  }
  return { complete, children, counted, found, failed, unwritten, sealedOtherwise };
}

function tickParent(next: Ticks, tick: Tick, totals: Totals): void {
  const parent = parentOf(tick.path);
  if (parent !== undefined) next.child({ ...tick, path: parent.path }, parent.index, totals, 'batch');
}

function newlyCounted(tick: Tick, before: PageState, after: PageState): Totals {
  const was = elementsByPosition(before.elements);
  const is = elementsByPosition(after.elements);
  let sum = NO_ITEMS;
  for (const position of tick.reported) {
    sum = addTotals(sum, subtractTotals(worth(is.get(position), tick), worth(was.get(position), tick)));
  }
  return sum;
}

function worth(element: bigint | undefined, { itemsPerTask }: Tick): Totals {
  return element === undefined ? NO_ITEMS : totalsOf(element, itemsPerTask);
}
