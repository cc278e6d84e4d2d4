/** Reads the outcomes of a job's items page by page, in the order of objects and lines. */
import * as z from 'zod';
import { type ItemView, itemViewSchema } from '#contract/item-view.ts';
import type { Job } from '#core/job.ts';
import type { ObjectKey } from '#core/object-address.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { mapParallel } from '#core/parallel.ts';
import { outcomeGroups } from '../../store/outcome-groups.ts';
import { listOutcomeObjects } from '../../store/outcome-objects.ts';
import type { ApiPorts } from '../request.ts';
import { fitAnswer, type Placed } from './pages.ts';

/** Maximum number of objects per request, so that a selective filter does not read a whole job. */
const MAX_OBJECTS = 100;
/** Number of objects read in parallel; each may contain a thousand outcomes. */
const PARALLEL_READS = 8;

/**
 * Position after the object `after` and, in the object `name`, after an entry of a line. Both are needed, because new
 * objects can appear between the two while the job runs. Names are relative to the prefix of the job.
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
  /** Returns the entries that an item adds to the page: none, itself or several. */
  expand(item: ItemView): readonly T[];
}

/** Returns one page. It may have fewer entries than requested even if a next page exists. */
export async function readOutcomes<T>(job: Job, scan: OutcomeScan<T>, ports: ApiPorts) {
  const { start = BEGINNING, limit } = scan;
  const groups = await outcomeGroups(ports.table, job);
  const { keys, isLonger } = await listOutcomeObjects(ports.objects, groups, {
    after: start.after,
    limit: MAX_OBJECTS,
  });
  const names = [...keys.keys()];
  const placed: Placed<T, OutcomePosition>[] = [];
  let read = 0;
  while (read < names.length && placed.length < limit) {
    // A full object contains itemsPerTask outcomes, so this number of objects suffices without a filter.
    const wanted = Math.ceil((limit - placed.length) / job.plan.itemsPerTask);
    const batch = names.slice(read, read + Math.min(wanted, PARALLEL_READS));
    const contents = await mapParallel(batch, PARALLEL_READS, (name) => readItems(keys.get(name), ports));
    for (const [position, items] of contents.entries()) {
      const after = names[read + position - 1] ?? start.after;
      placed.push(...placeObject({ name: batch[position] ?? '', after, items }, scan));
    }
    read += batch.length;
  }
  const page = placed.slice(0, limit);
  const isMore = placed.length > limit || read < names.length || isLonger;
  return fitAnswer(page, isMore ? nextPosition(page, limit, names.at(read - 1)) : undefined);
}

function nextPosition<T>(
  page: readonly Placed<T, OutcomePosition>[],
  limit: number,
  after: string | undefined,
): OutcomePosition | undefined {
  if (page.length === limit) return page.at(-1)?.position;
  return after === undefined ? undefined : { ...BEGINNING, after };
}

interface OutcomeObject {
  readonly name: string;
  readonly after: string | undefined;
  readonly items: readonly (ItemView | undefined)[];
}

function placeObject<T>(
  { name, after, items }: OutcomeObject,
  { start = BEGINNING, expand }: OutcomeScan<T>,
): Placed<T, OutcomePosition>[] {
  const before = omitUndefined({ after });
  const all = items.flatMap((item, line) =>
    (item === undefined ? [] : expand(item)).map((entry, count) => ({
      entry,
      position: { ...before, name, line, entry: count + 1 },
    })),
  );
  const placed = name === start.name ? all.filter(({ position }) => isAfter(position, start)) : all;
  const last = placed.at(-1);
  // After its last entry, the object need not be read again.
  return last === undefined
    ? []
    : [...placed.slice(0, -1), { ...last, position: { ...BEGINNING, after: name } }];
}

function isAfter(position: OutcomePosition, start: OutcomePosition): boolean {
  return position.line > start.line || (position.line === start.line && position.entry > start.entry);
}

/** Returns the item of each line of an object, or `undefined` for an invalid line, so that others are still listed. */
async function readItems(
  key: ObjectKey | undefined,
  { objects, log }: ApiPorts,
): Promise<(ItemView | undefined)[]> {
  const bytes = key && (await objects.get({ key }));
  if (bytes === undefined) return [];
  const items = new TextDecoder()
    .decode(bytes)
    .split('\n')
    .filter((line) => line !== '')
    .map(itemOfLine);
  if (items.includes(undefined)) log.warn('outcome object contains invalid lines', { key });
  return items;
}

function itemOfLine(line: string): ItemView | undefined {
  try {
    return itemViewSchema.safeParse(JSON.parse(line)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
