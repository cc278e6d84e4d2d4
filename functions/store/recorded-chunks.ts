/**
 * Finds the recorded outcomes of a job in the pages of its tree, in the order of the tree: chunk 2 before chunk 10, and
 * node 9 before node 10.
 */

import { BoundedMap } from '#core/bounded-map.ts';
import { type JobRun, runId } from '#core/job.ts';
import type { ObjectKey } from '#core/object-address.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { FIRST_PAGE, PAGE_SIZE, type PageAddress, pageOfChild } from '#core/page.ts';
import { mapParallel } from '#core/parallel.ts';
import type { Table } from '#core/ports.ts';
import type { OutcomeRef } from '#core/recorded-outcomes.ts';
import type { OutcomeRange } from '#core/splitter.ts';
import { childPath, ROOT, type TaskPath } from '#core/task-path.ts';
import { rangeOfLocation } from './blocks.ts';
import { NEW_FENCE, readFence } from './fences.ts';
import { readPage } from './pages.ts';

/** A node of a run with everything below it. */
export interface Subtree {
  readonly run: JobRun;
  readonly path: TaskPath;
}

/**
 * The same part of the tree in several runs, in order of precedence. A chunk counts in the first run that recorded it,
 * because outcomes that a retry keeps stay where the earlier run recorded them.
 */
export type OutcomeGroup = readonly Subtree[];

/** Location of a chunk in its run, and of its outcomes. */
export interface RecordedChunk extends Subtree {
  readonly index: number;
  readonly range: OutcomeRange & { readonly key: ObjectKey };
}

/** A position of a walk through groups. */
export interface Passed {
  /** Index of the group, and indexes from its top down to a child. The walk can continue after it. */
  readonly name: string;
  /** Absent if the position has no recorded outcomes. */
  readonly chunk?: RecordedChunk;
}

/** Maximum number of children of one slice, which a splitter sends before it moves the fence. */
const UNFENCED_CHILDREN = 1_024;

/** Maximum number of pages that are read together. A walk begins with one, because most readers need few chunks. */
const MAX_PAGES_AT_ONCE = 32;
const PARALLEL_READS = 32;

export interface WalkOrder {
  /** Name to continue after; absent for everything. */
  readonly after?: string | undefined;
  /** True to begin with the last group. */
  readonly lastGroupFirst?: boolean | undefined;
  /**
   * True if the job has ended. Then children beyond the fence are looked for too: if a splitter crashed after it sent
   * them, the fence never moves.
   */
  readonly isEnded?: boolean | undefined;
}

/**
 * Yields the recorded chunks of all groups, and further positions now and then, so that a reader can stop between them.
 * Reads only as far as it is consumed.
 */
export async function* recordedChunks(
  table: Table,
  groups: readonly OutcomeGroup[],
  { after, lastGroupFirst = false, isEnded = false }: WalkOrder = {},
): AsyncGenerator<Passed> {
  const [start, indexes] = after === undefined ? [undefined, []] : positionOfName(after);
  const entries = [...groups.entries()];
  for (const [at, group] of lastGroupFirst ? entries.toReversed() : entries) {
    if (start !== undefined && (lastGroupFirst ? at > start : at < start)) continue;
    const walk = { table, isEnded };
    for await (const { indexes: found, chunk } of walkNode(walk, group, at === start ? indexes : [])) {
      yield { name: `${at}/${found.join('.')}`, ...omitUndefined({ chunk }) };
    }
  }
}

function positionOfName(name: string): [group: number, indexes: number[]] {
  const [group = '', indexes = ''] = name.split('/');
  return [Number(group), indexes.split('.').map(Number)];
}

/** Returns the location of each chunk below the same position of a group as `name`, in order of precedence. */
export function chunksAt(
  groups: readonly OutcomeGroup[],
  name: string,
): { run: JobRun; path: TaskPath; index: number }[] {
  const [at, indexes] = positionOfName(name);
  const index = indexes.at(-1) ?? 0;
  return (groups[at] ?? []).map(({ run, path }) => ({
    run,
    path: indexes.slice(0, -1).reduce(childPath, path),
    index,
  }));
}

/**
 * Returns the names at which the outcomes of a chunk's items can be. In a flow, later steps have them in the chunk with
 * the same index.
 */
export function namesOf(
  groups: readonly OutcomeGroup[],
  { path, index }: { readonly path: TaskPath; readonly index: number },
  isFlow: boolean,
): string[] {
  const indexes = path === ROOT ? [] : path.split('.');
  const position = [...indexes.slice(isFlow ? 1 : 0), index].join('.');
  return groups.map((_, at) => `${at}/${position}`);
}

interface Found {
  readonly indexes: readonly number[];
  readonly chunk?: RecordedChunk;
}

interface Walk {
  readonly table: Table;
  readonly isEnded: boolean;
}

/** Walks the same node in several runs. */
async function* walkNode(
  walk: Walk,
  nodes: readonly Subtree[],
  after: readonly number[],
): AsyncGenerator<Found> {
  const sizes = await Promise.all(nodes.map((node) => sizeOf(walk, node)));
  const children = Math.max(...sizes.map((size) => size.children));
  const hasBatches = sizes.some((size) => size.hasBatches);
  const [first, ...below] = after;
  // Continue inside the child if the position is deeper, otherwise after it.
  const start = first === undefined ? 0 : below.length > 0 ? first : first + 1;
  let atOnce = 1;
  for (let page = Math.floor(start / PAGE_SIZE); page * PAGE_SIZE < children; ) {
    const count = Math.min(atOnce, Math.ceil(children / PAGE_SIZE) - page);
    const numbers = Array.from({ length: count }, (_, more) => page + more);
    const pages = await mapParallel(numbers, PARALLEL_READS, (number) => readChildren(walk, nodes, number));
    for (const [at, found] of pages.entries()) {
      const firstChild = (page + at) * PAGE_SIZE;
      const indexes = found.map((_, position) => firstChild + position).filter((index) => index >= start);
      const others = indexes.filter((index) => found[index - firstChild] === undefined && index < children);
      const batches = new Batches(walk, nodes, hasBatches ? others : []);
      for (const index of indexes) {
        const chunk = found[index - firstChild];
        if (chunk !== undefined) yield { indexes: [index], chunk };
        else if (await batches.has(index))
          yield* walkChild(walk, nodes, { index, after: index === first ? below : [] });
      }
    }
    page += count;
    yield { indexes: [Math.min(page * PAGE_SIZE, children) - 1] };
    atOnce = Math.min(2 * atOnce, MAX_PAGES_AT_ONCE);
  }
}

async function* walkChild(
  walk: Walk,
  nodes: readonly Subtree[],
  { index, after }: { readonly index: number; readonly after: readonly number[] },
): AsyncGenerator<Found> {
  const children = nodes.map(({ run, path }) => ({ run, path: childPath(path, index) }));
  for await (const found of walkNode(walk, children, after))
    yield { ...found, indexes: [index, ...found.indexes] };
}

/** Finds out which children are batches, several at a time. */
class Batches {
  readonly #walk: Walk;
  readonly #nodes: readonly Subtree[];
  readonly #unknown: number[];
  readonly #isBatch = new Map<number, boolean>();

  constructor(walk: Walk, nodes: readonly Subtree[], indexes: readonly number[]) {
    this.#walk = walk;
    this.#nodes = nodes;
    this.#unknown = [...indexes];
  }

  async has(index: number): Promise<boolean> {
    while (!this.#isBatch.has(index) && this.#unknown.length > 0) {
      await Promise.all(
        this.#unknown.splice(0, PARALLEL_READS).map(async (next) => {
          const reads = this.#nodes.map(({ run, path }) =>
            isSplit(this.#walk, { run, path: childPath(path, next) }),
          );
          this.#isBatch.set(next, (await Promise.all(reads)).includes(true));
        }),
      );
    }
    return this.#isBatch.get(index) === true;
  }
}

/** True if the child is a batch that has begun: it has a fence or, after a crash, only a page. */
async function isSplit({ table, isEnded }: Walk, { run, path }: Subtree): Promise<boolean> {
  if ((await readFence(table, run, path)) !== undefined) return true;
  return isEnded && (await readPage(table, run, path, FIRST_PAGE)).elements.size > 0;
}

/** Returns the number of children that may be recorded, and true if some may be batches. */
async function sizeOf(
  { table, isEnded }: Walk,
  { run, path }: Subtree,
): Promise<{ readonly children: number; readonly hasBatches: boolean }> {
  const [fence = NEW_FENCE, firstPage] = await Promise.all([
    readFence(table, run, path),
    readPage(table, run, path, FIRST_PAGE),
  ]);
  const { next, sealed, batches } = fence;
  // A seal is sent before the fence moves, and the node may be complete by then.
  const { children = isEnded && !sealed ? next + UNFENCED_CHILDREN : next } = firstPage;
  return { children, hasBatches: batches > 0 || next < children };
}

/** Returns the recorded chunk at each position of a page, from the first run that recorded it. */
async function readChildren(
  { table }: Walk,
  nodes: readonly Subtree[],
  page: number,
): Promise<(RecordedChunk | undefined)[]> {
  const pages = await Promise.all(
    nodes.map(async ({ run, path }) => {
      const { outcomes } = await readPage(table, run, path, { level: 0, page });
      return { run, path, outcomes };
    }),
  );
  return Array.from({ length: PAGE_SIZE }, (_, position) => {
    for (const { run, path, outcomes } of pages) {
      const ref = outcomes?.get(position);
      if (ref !== undefined) return recordedChunk(run, path, page * PAGE_SIZE + position, ref);
    }
    return undefined;
  });
}

function recordedChunk(run: JobRun, path: TaskPath, index: number, { location }: OutcomeRef): RecordedChunk {
  return { run, path, index, range: rangeOfLocation(run, location) };
}

/** Maximum number of pages that a finder keeps. */
const MAX_CACHED_PAGES = 64;

/** Finds single chunks. Use it only for runs and steps that have ended, because it keeps their pages. */
export class ChunkFinder {
  readonly #table: Table;
  readonly #pages = new BoundedMap<string, ReturnType<typeof readPage>>(MAX_CACHED_PAGES);

  constructor(table: Table) {
    this.#table = table;
  }

  /** Returns the recorded outcomes of a chunk; `undefined` if its run did not record them. */
  async find({ run, path }: Subtree, index: number): Promise<RecordedChunk | undefined> {
    const address = pageOfChild(index);
    const name = JSON.stringify([runId(run), path, address.page]);
    const page = this.#pages.get(name) ?? this.#read(run, path, address, name);
    const ref = (await page).outcomes?.get(index % PAGE_SIZE);
    return ref && recordedChunk(run, path, index, ref);
  }
  #read(run: JobRun, path: TaskPath, address: PageAddress, name: string): ReturnType<typeof readPage> {
    const page = readPage(this.#table, run, path, address);
    this.#pages.setNewest(name, page);
    page.catch(() => this.#pages.delete(name));
    return page;
  }
}
