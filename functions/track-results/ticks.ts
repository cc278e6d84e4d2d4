/** Collects the changes that one batch of messages makes to pages, so that each page is written once. */
import type { JobRun } from '#core/job.ts';
import {
  elementsByPosition,
  encodeElement,
  FIRST_PAGE,
  PAGE_SIZE,
  type PageAddress,
  pageAbove,
  pageOfChild,
  sealedPages,
  type Totals,
} from '#core/page.ts';
import type { FoundChildren } from '#core/progress.ts';
import type { OutcomeRef, RecordedOutcomes } from '#core/recorded-outcomes.ts';
import type { TaskPath } from '#core/task-path.ts';

/** The combined change of several messages to one page. */
export interface Tick extends PageAddress {
  readonly run: JobRun;
  readonly path: TaskPath;
  readonly itemsPerTask: number;
  readonly elements: Set<bigint>;
  /** Outcomes of chunks among the elements, in the order of the reports. */
  readonly outcomes: OutcomeRef[];
  /** Positions that chunks reported. Completed pages and batches below this page are not among them. */
  readonly reported: Set<number>;
  expected?: number;
  top?: boolean;
  /** Number of children of the node, from its seal. Set on the first page only. */
  children?: number;
  found?: FoundChildren | undefined;
  /** Thousandths of items that running chunks report as done, by position. */
  underway?: Map<number, number>;
  /** True if two seals among the messages give different numbers of children. */
  isContradicted?: true;
  /** Ids of the messages behind this change. They are retried if the write fails. */
  readonly sources: Set<string>;
}

/** A node of the tracking tree and the messages that change it. */
export interface TickedNode {
  readonly run: JobRun;
  readonly path: TaskPath;
  readonly itemsPerTask: number;
  readonly sources: Iterable<string>;
}

/** `chunk`: reported by a worker. `batch`: completed by the cascade. */
type ElementOrigin = 'chunk' | 'batch';

export class Ticks {
  readonly #byPage = new Map<string, Tick>();

  get size(): number {
    return this.#byPage.size;
  }

  values(): Tick[] {
    return [...this.#byPage.values()];
  }

  child(node: TickedNode, index: number, totals: Totals, origin: ElementOrigin): void {
    this.#element(node, pageOfChild(index), index, totals, origin);
  }

  /** Adds a chunk, with its outcomes if they are recorded in this run. */
  chunk(node: TickedNode, index: number, totals: Totals, recorded: RecordedOutcomes | undefined): void {
    this.child(node, index, totals, 'chunk');
    if (recorded === undefined) return;
    const element = encodeElement(index, totals, node.itemsPerTask);
    this.#tick(node, pageOfChild(index)).outcomes.push({ element, ...recorded });
  }

  page(node: TickedNode, page: PageAddress, totals: Totals): void {
    this.#element(node, pageAbove(page), page.page, totals, 'batch');
  }

  /** Adds the seal of a node. `found` is set if the tracker counts the node, not the splitter. */
  seal(node: TickedNode, children: number, found?: FoundChildren): void {
    const tick = this.#tick(node, FIRST_PAGE);
    if (tick.children !== undefined && tick.children !== children) tick.isContradicted = true;
    if (tick.children === undefined) tick.found = found;
    tick.children ??= children;
    tick.expected ??= Math.min(children, PAGE_SIZE);
    tick.top ??= children <= PAGE_SIZE;
  }

  /** Adds the progress that a running chunk reports, in thousandths of items. */
  update(node: TickedNode, index: number, thousandths: number): void {
    const tick = this.#tick(node, pageOfChild(index));
    tick.underway ??= new Map();
    tick.underway.set(index % PAGE_SIZE, thousandths);
  }

  /** Adds the sizes of the pages at the right edge, once the first page has stored the seal. */
  edge(node: TickedNode, children: number): void {
    for (const page of sealedPages(children)) {
      const tick = this.#tick(node, page);
      tick.expected = page.expected;
      tick.top = page.top;
    }
  }

  #element(node: TickedNode, page: PageAddress, index: number, totals: Totals, origin: ElementOrigin): void {
    const tick = this.#tick(node, page);
    const element = encodeElement(index, totals, node.itemsPerTask);
    tick.elements.add(element);
    if (origin === 'batch') return;
    for (const position of elementsByPosition([element]).keys()) tick.reported.add(position);
  }

  #tick(node: TickedNode, { level, page }: PageAddress): Tick {
    const { run, path, itemsPerTask, sources } = node;
    const key = JSON.stringify([run.partition, run.job, run.runNumber, path, level, page]);
    const tick = this.#byPage.get(key) ?? {
      run,
      path,
      level,
      page,
      itemsPerTask,
      elements: new Set(),
      outcomes: [],
      reported: new Set(),
      sources: new Set(),
    };
    this.#byPage.set(key, tick);
    for (const source of sources) tick.sources.add(source);
    return tick;
  }
}
