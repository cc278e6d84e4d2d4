/** Reads the outcomes of a job's items page by page, in the order of the tree. */

import * as z from 'zod';
import { type ItemView, itemViewSchema } from '#contract/item-view.ts';
import type { Job } from '#core/job.ts';
import { isFinal } from '#core/job-status.ts';
import { parseJson } from '#core/json/parse-json.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { outcomeGroups } from '../../store/outcome-groups.ts';
import { storedLines } from '../../store/outcomes.ts';
import { readRanges } from '../../store/read-ranges.ts';
import { type Passed, recordedChunks } from '../../store/recorded-chunks.ts';
import type { ApiPorts } from '../request.ts';
import { fitAnswer, type Placed } from './pages.ts';

/**
 * Limits of one request, so that a selective filter does not read a whole job. A page that reaches one of
 * them is short.
 */
const MAX_CHUNKS = 2_000;
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_MILLIS = 10_000;
/** Maximum number of chunks and bytes that are read together. A chunk may have a thousand outcomes. */
const MAX_CHUNKS_AT_ONCE = 64;
const MAX_BYTES_AT_ONCE = 8 * 1024 * 1024;

/**
 * Position after the chunk `after` and, in the chunk `name`, after an entry of a line. Both are needed, because chunks
 * between the two can be recorded while the job runs.
 */
export const outcomePosition = z.strictObject({
  after: z.string().optional(),
  name: z.string().optional(),
  line: z.int().default(0),
  entry: z.int().default(0),
});
export type OutcomePosition = z.output<typeof outcomePosition>;

const BEGINNING: OutcomePosition = { line: 0, entry: 0 };

export interface OutcomeScan<T> {
  readonly start: OutcomePosition | undefined;
  readonly limit: number;
  /** True to begin with the last visit of a template. */
  readonly lastVisitFirst?: boolean;
  /** Returns the entries that an item adds to the page: none, itself or several. */
  expand(item: ItemView): readonly T[];
}

/** Returns one page. It is full unless the list ends or the request reaches a limit; then `next` continues the list. */
export async function readOutcomes<T>(job: Job, scan: OutcomeScan<T>, ports: ApiPorts) {
  const { start = BEGINNING, limit, lastVisitFirst } = scan;
  const groups = await outcomeGroups(ports.table, job);
  const { after } = start;
  const chunks = recordedChunks(ports.table, groups, {
    after,
    lastGroupFirst: lastVisitFirst,
    isEnded: isFinal(job.status),
  });
  const startedAt = ports.clock.now();
  const placed: Placed<T, OutcomePosition>[] = [];
  let position: OutcomePosition = { ...BEGINNING, ...omitUndefined({ after }) };
  let read = 0;
  let bytes = 0;
  const isOverLimit = () =>
    read >= MAX_CHUNKS || bytes >= MAX_BYTES || ports.clock.now() - startedAt >= MAX_MILLIS;
  for (;;) {
    // A full chunk has itemsPerTask outcomes, so this number of chunks suffices without a filter.
    const wanted = Math.ceil((limit + 1 - placed.length) / job.plan.itemsPerTask);
    const fitting = bytes === 0 ? MAX_CHUNKS_AT_ONCE : Math.floor((MAX_BYTES_AT_ONCE * read) / bytes);
    const size = Math.min(read === 0 ? wanted : MAX_CHUNKS_AT_ONCE, Math.max(1, fitting), MAX_CHUNKS_AT_ONCE);
    const batch = await take(chunks, size);
    if (batch.length === 0) return fitAnswer(placed, undefined);
    for (const { name, items, sizeBytes } of await readChunks(batch, ports)) {
      placed.push(...placeChunk({ name, before: position, items }, scan));
      position = endOf(name);
      bytes += sizeBytes;
    }
    read += batch.length;
    if (placed.length > limit) return fitAnswer(placed.slice(0, limit), placed[limit - 1]?.position);
    if (isOverLimit()) return fitAnswer(placed, position);
  }
}

async function take<V>(values: AsyncGenerator<V>, count: number): Promise<V[]> {
  const taken: V[] = [];
  while (taken.length < count) {
    const next = await values.next();
    if (next.done === true) break;
    taken.push(next.value);
  }
  return taken;
}

/** Position after all entries of a chunk, so that it need not be read again. */
function endOf(name: string): OutcomePosition {
  return { ...BEGINNING, after: name };
}

interface PlacedChunk {
  readonly name: string;
  /** Position of the end of the chunk before. */
  readonly before: OutcomePosition;
  readonly items: readonly (ItemView | undefined)[];
}

function placeChunk<T>(
  { name, before, items }: PlacedChunk,
  { start = BEGINNING, expand }: OutcomeScan<T>,
): Placed<T, OutcomePosition>[] {
  const all = items.flatMap((item, line) =>
    (item === undefined ? [] : expand(item)).map((entry, count) => ({
      entry,
      position: { ...before, name, line, entry: count + 1 },
    })),
  );
  const placed = name === start.name ? all.filter(({ position }) => isAfter(position, start)) : all;
  const last = placed.at(-1);
  return last === undefined ? [] : [...placed.slice(0, -1), { ...last, position: endOf(name) }];
}

function isAfter(position: OutcomePosition, start: OutcomePosition): boolean {
  return position.line > start.line || (position.line === start.line && position.entry > start.entry);
}

interface ReadChunk {
  readonly name: string;
  /** The item of each line, or `undefined` for an invalid line, so that others are still listed. */
  readonly items: readonly (ItemView | undefined)[];
  readonly sizeBytes: number;
}

async function readChunks(passed: readonly Passed[], { objects, log }: ApiPorts): Promise<ReadChunk[]> {
  const ranges = passed.flatMap(({ chunk }) => (chunk === undefined ? [] : [chunk.range]));
  const contents = (await readRanges(objects, ranges)).values();
  return passed.map(({ name, chunk }) => {
    const bytes = chunk === undefined ? undefined : contents.next().value;
    if (bytes === undefined) return { name, items: [], sizeBytes: 0 };
    const items = storedLines(bytes).map(itemOfLine);
    if (items.includes(undefined)) log.warn('outcomes contain invalid lines', { key: chunk?.range.key });
    return { name, items, sizeBytes: bytes.length };
  });
}

function itemOfLine(line: string): ItemView | undefined {
  try {
    return itemViewSchema.safeParse(parseJson(line)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
