/** Reads the outcomes of a job's items page by page, in the order of the tree. */

import * as z from 'zod';
import { type ItemView, itemViewSchema } from '#contract/item-view.ts';
import type { Job } from '#core/job.ts';
import { parseJson } from '#core/json/parse-json.ts';
import type { ObjectKey } from '#core/object-address.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { mapParallel } from '#core/parallel.ts';
import { type OrderedObject, orderedOutcomes } from '../../store/ordered-outcomes.ts';
import { outcomeGroups } from '../../store/outcome-groups.ts';
import type { ApiPorts } from '../request.ts';
import { fitAnswer, type Placed } from './pages.ts';

/**
 * Limits of one request, so that a selective filter does not read a whole job. A page that reaches one of
 * them is short.
 */
const MAX_OBJECTS = 2_000;
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_MILLIS = 10_000;
/** Number of objects read in parallel; each may contain a thousand outcomes. */
const PARALLEL_READS = 8;

/**
 * Position after the object `after` and, in the object `name`, after an entry of a line. Both are needed, because new
 * objects can appear between the two while the job runs. Names are relative to the prefix of the job.
 */
export const outcomePosition = z.strictObject({
  after: z.string().optional(),
  /** True if the group of `after` is listed in the order of its names. */
  isByName: z.boolean().optional(),
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
  const { after, isByName } = start;
  const objects = orderedOutcomes(ports.objects, groups, { after, isByName, lastGroupFirst: lastVisitFirst });
  const startedAt = ports.clock.now();
  const placed: Placed<T, OutcomePosition>[] = [];
  let position: OutcomePosition = { ...BEGINNING, ...omitUndefined({ after, isByName }) };
  let read = 0;
  let bytes = 0;
  const isOverLimit = () =>
    read >= MAX_OBJECTS || bytes >= MAX_BYTES || ports.clock.now() - startedAt >= MAX_MILLIS;
  for (;;) {
    // A full object contains itemsPerTask outcomes, so this number of objects suffices without a filter.
    const wanted = Math.ceil((limit + 1 - placed.length) / job.plan.itemsPerTask);
    const batch = await take(objects, Math.min(read === 0 ? wanted : PARALLEL_READS, PARALLEL_READS));
    if (batch.length === 0) return fitAnswer(placed, undefined);
    const contents = await mapParallel(batch, PARALLEL_READS, ({ key }) => readItems(key, ports));
    for (const [index, content] of contents.entries()) {
      const object = batch[index] as OrderedObject;
      placed.push(...placeObject({ object, before: position, items: content.items }, scan));
      position = endOf(object);
      bytes += content.bytes;
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

/** Position after all entries of an object, so that it need not be read again. */
function endOf({ name, isByName }: OrderedObject): OutcomePosition {
  return { ...BEGINNING, after: name, isByName };
}

interface OutcomeObject {
  readonly object: OrderedObject;
  /** Position of the end of the object before. */
  readonly before: OutcomePosition;
  readonly items: readonly (ItemView | undefined)[];
}

function placeObject<T>(
  { object, before, items }: OutcomeObject,
  { start = BEGINNING, expand }: OutcomeScan<T>,
): Placed<T, OutcomePosition>[] {
  const { name } = object;
  const all = items.flatMap((item, line) =>
    (item === undefined ? [] : expand(item)).map((entry, count) => ({
      entry,
      position: { ...before, name, line, entry: count + 1 },
    })),
  );
  const placed = name === start.name ? all.filter(({ position }) => isAfter(position, start)) : all;
  const last = placed.at(-1);
  return last === undefined ? [] : [...placed.slice(0, -1), { ...last, position: endOf(object) }];
}

function isAfter(position: OutcomePosition, start: OutcomePosition): boolean {
  return position.line > start.line || (position.line === start.line && position.entry > start.entry);
}

/** Returns the item of each line of an object, or `undefined` for an invalid line, so that others are still listed. */
async function readItems(
  key: ObjectKey,
  { objects, log }: ApiPorts,
): Promise<{ items: (ItemView | undefined)[]; bytes: number }> {
  const bytes = await objects.get({ key });
  if (bytes === undefined) return { items: [], bytes: 0 };
  const items = new TextDecoder()
    .decode(bytes)
    .split('\n')
    .filter((line) => line !== '')
    .map(itemOfLine);
  if (items.includes(undefined)) log.warn('outcome object contains invalid lines', { key });
  return { items, bytes: bytes.length };
}

function itemOfLine(line: string): ItemView | undefined {
  try {
    return itemViewSchema.safeParse(parseJson(line)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
