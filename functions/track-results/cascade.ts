/**
 * Writes ticks to pages and follows each page that becomes complete, up to the root, within one invocation.
 *
 * Completeness is checked after every write, also after one that changed nothing. If the function crashes, the messages
 * are redelivered and the same writes find the page complete again. The cascade then continues from there.
 */
import type { JobRun } from '#core/job.ts';
import {
  addTotals,
  elementsByPosition,
  isComplete,
  NO_ITEMS,
  PAGE_SIZE,
  type PageAddress,
  type PageState,
  pageTotals,
  pageUnderway,
  positionOf,
  subtractTotals,
  type Totals,
  totalsOf,
} from '#core/page.ts';
import { mapParallel } from '#core/parallel.ts';
import type { FoundChildren } from '#core/progress.ts';
import type { OutcomeLocation } from '#core/recorded-outcomes.ts';
import { depthOf, parentOf, ROOT, type TaskPath } from '#core/task-path.ts';
import type { PageTouch } from '../store/pages.ts';
import { type Tick, Ticks } from './ticks.ts';

const PARALLEL_TOUCHES = 32;

export interface CascadeResult {
  /** Jobs whose root is complete, with their exact totals. */
  readonly completeJobs: readonly {
    readonly run: JobRun;
    readonly totals: Totals;
    readonly sources: ReadonlySet<string>;
  }[];
  /** Complete children of a root. In a job that runs a template, each is a step. */
  readonly completeSteps: readonly {
    readonly run: JobRun;
    readonly path: TaskPath;
    readonly totals: Totals;
    readonly sources: ReadonlySet<string>;
  }[];
  /**
   * Differences between the pages before and after these writes: items that became final, and thousandths of items that
   * running chunks report beyond that.
   */
  readonly counts: readonly {
    readonly run: JobRun;
    readonly path: TaskPath;
    readonly totals: Totals;
    readonly underway: number;
  }[];
  /** Nodes that these writes sealed, if the tracker counts them. */
  readonly sealedNodes: readonly {
    readonly run: JobRun;
    readonly path: TaskPath;
    readonly found: FoundChildren;
  }[];
  /** Ids of the messages that must be redelivered because a page was not written. */
  readonly failed: ReadonlySet<string>;
  /** Pages that could not be written, each with its error, for the log. */
  readonly unwritten: readonly (PageAddress & {
    readonly run: JobRun;
    readonly path: TaskPath;
    readonly error: unknown;
  })[];
  /** Chunks of which another report was recorded first, with the location of its outcomes. */
  readonly supersededChunks: readonly SupersededChunk[];
  /** Nodes sealed twice with different numbers of children. The splitter is not stable. */
  readonly conflictingSeals: readonly { readonly run: JobRun; readonly path: TaskPath }[];
}

export interface SupersededChunk {
  readonly run: JobRun;
  readonly path: TaskPath;
  readonly index: number;
  /** Location of the outcomes that count. */
  readonly location: OutcomeLocation;
  readonly sources: ReadonlySet<string>;
}

type Mutable<T> = { [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };
type ResultInProgress = Mutable<Omit<CascadeResult, 'failed'>> & { readonly failed: Set<string> };

interface PageWrite {
  readonly before: PageState;
  readonly after: PageState;
}

export type Touch = (touch: PageTouch) => Promise<PageWrite>;

/** Records the outcome codes of a complete page, before the page above or the node can become complete. */
export type RecordCodes = (run: JobRun, path: TaskPath, codes: readonly string[]) => Promise<void>;

export async function cascade(
  first: Ticks,
  touch: Touch,
  recordCodes: RecordCodes = async () => undefined,
): Promise<CascadeResult> {
  const result: ResultInProgress = {
    completeJobs: [],
    completeSteps: [],
    counts: [],
    sealedNodes: [],
    failed: new Set(),
    unwritten: [],
    supersededChunks: [],
    conflictingSeals: [],
  };
  for (let ticks = first; ticks.size > 0; ) {
    const next = new Ticks();
    const writes = await mapParallel(ticks.values(), PARALLEL_TOUCHES, async (tick) => ({
      tick,
      pages: await writePage(tick, { touch, recordCodes }, result),
    }));
    for (const { tick, pages } of writes) {
      if (pages === undefined) continue;
      countPage(tick, pages, result);
      noteSuperseded(tick, pages.after, result);
      if (tick.children !== undefined) sealNode(tick, pages, { result, next });
      if (isComplete(pages.after)) completePage(tick, pages.after, { result, next });
    }
    ticks = next;
  }
  return result;
}

/** Writes one page. If that fails, only the messages behind this page are redelivered. */
async function writePage(
  tick: Tick,
  { touch, recordCodes }: { readonly touch: Touch; readonly recordCodes: RecordCodes },
  { failed, unwritten }: ResultInProgress,
): Promise<PageWrite | undefined> {
  try {
    const pages = await touch(tick);
    const codes = isComplete(pages.after) ? codesOf(pages.after) : [];
    if (codes.length > 0) await recordCodes(tick.run, tick.path, codes);
    return pages;
  } catch (error) {
    const { run, path, level, page } = tick;
    unwritten.push({ run, path, level, page, error });
    for (const source of tick.sources) failed.add(source);
    return undefined;
  }
}

function codesOf({ outcomes = new Map() }: PageState): string[] {
  return [...new Set([...outcomes.values()].flatMap(({ codes }) => codes))];
}

/** Adds to the result which reported chunks another report recorded first. */
function noteSuperseded(tick: Tick, { outcomes }: PageState, result: ResultInProgress): void {
  const { run, path, page, sources } = tick;
  for (const { element, location } of tick.outcomes) {
    const position = positionOf(element);
    const counted = outcomes?.get(position)?.location ?? location;
    if (counted.block === location.block && counted.from === location.from) continue;
    const index = page * PAGE_SIZE + position;
    result.supersededChunks.push({ run, path, index, location: counted, sources });
  }
}

/** Adds to the result how many items this write made final. */
function countPage(tick: Tick, { before, after }: PageWrite, { counts: counted }: ResultInProgress): void {
  counted.push({
    run: tick.run,
    path: tick.path,
    totals: newTotals(tick, before, after),
    underway: pageUnderway(after) - pageUnderway(before),
  });
}

interface CascadeStep {
  readonly result: ResultInProgress;
  /** Ticks of the level above, written in the next round. */
  readonly next: Ticks;
}

/** Compares the seal of a node with the stored one. The first stored seal counts. */
function sealNode(tick: Tick, { before, after }: PageWrite, { result, next }: CascadeStep): void {
  const { run, path, children, found } = tick;
  const isStoredSeal = after.children === children;
  if (!isStoredSeal || tick.isContradicted === true) result.conflictingSeals.push(tick);
  if (before.children === undefined && found !== undefined) result.sealedNodes.push({ run, path, found });
  if (isStoredSeal && children !== undefined && children > PAGE_SIZE) next.edge(tick, children);
}

/** Ticks the page above a complete page, or the parent of a complete node. */
function completePage(tick: Tick, page: PageState, { result, next }: CascadeStep): void {
  const { run, path, sources } = tick;
  const totals = pageTotals(page.elements, tick.itemsPerTask);
  if (page.top !== true) {
    next.page(tick, tick, totals);
    return;
  }
  if (path === ROOT) {
    result.completeJobs.push({ run, totals, sources });
    return;
  }
  if (depthOf(path) === 1) result.completeSteps.push({ run, path, totals, sources });
  const parent = parentOf(path);
  if (parent !== undefined) next.child({ ...tick, path: parent.path }, parent.index, totals, 'batch');
}

/** Totals of the positions that chunks reported, after the write minus before it. */
function newTotals(tick: Tick, before: PageState, after: PageState): Totals {
  const elementsBefore = elementsByPosition(before.elements);
  const elementsAfter = elementsByPosition(after.elements);
  let sum = NO_ITEMS;
  for (const position of tick.reported) {
    const difference = subtractTotals(
      elementTotals(elementsAfter.get(position), tick),
      elementTotals(elementsBefore.get(position), tick),
    );
    sum = addTotals(sum, difference);
  }
  return sum;
}

function elementTotals(element: bigint | undefined, { itemsPerTask }: Tick): Totals {
  return element === undefined ? NO_ITEMS : totalsOf(element, itemsPerTask);
}
