/** Reads the outcomes of a job's items page by page: objects in the order of their keys, lines in theirs. */
import * as z from 'zod';
import { type ItemView, itemViewSchema } from '#contract/item-view.ts';
import type { Job } from '#core/job.ts';
import type { ObjectKey } from '#core/object-address.ts';
import { mapParallel } from '#core/parallel.ts';
import { outcomeGroups } from '../../store/outcome-groups.ts';
import { listOutcomeObjects } from '../../store/outcome-objects.ts';
import type { ApiPorts } from '../request.ts';
import { fitAnswer, type Placed } from './pages.ts';

/** Objects of one request: a filter that few items pass must not read a whole job. */
const MAX_OBJECTS = 100;
/** Read at once; each may hold a thousand outcomes. */
const PARALLEL_READS = 8;

/**
 * Behind the object `after`, and in the object `name` behind an entry of a line. Both are needed: while a job runs,
 * new objects appear between the two. Names are those below the job's prefix.
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
  /** What a line adds to the page: nothing, itself, or several entries. */
  expand(item: ItemView): readonly T[];
}

/** One page; it may hold fewer entries than asked for although there is a next one. */
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
    // A full object holds itemsPerTask outcomes: so many are needed if none is filtered out.
    const wanted = Math.ceil((limit - placed.length) / job.plan.itemsPerTask);
    const some = names.slice(read, read + Math.min(wanted, PARALLEL_READS));
    const contents = await mapParallel(some, PARALLEL_READS, (name) => readItems(keys.get(name), ports));
    for (const [position, items] of contents.entries()) {
      const after = names[read + position - 1] ?? start.after;
      placed.push(...placeObject({ name: some[position] ?? '', after, items }, scan));
    }
    read += some.length;
  }
  const kept = placed.slice(0, limit);
  const isMore = placed.length > limit || read < names.length || isLonger;
  return fitAnswer(kept, isMore ? nextPosition(kept, limit, names.at(read - 1)) : undefined);
}

function nextPosition<T>(
  kept: readonly Placed<T, OutcomePosition>[],
  limit: number,
  after: string | undefined,
): OutcomePosition | undefined {
  if (kept.length === limit) return kept.at(-1)?.position;
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
  const before = after === undefined ? {} : { after };
  const all = items.flatMap((item, line) =>
    (item === undefined ? [] : expand(item)).map((entry, count) => ({
      entry,
      position: { ...before, name, line, entry: count + 1 },
    })),
  );
  const placed = name === start.name ? all.filter(({ position }) => isBehind(position, start)) : all;
  const last = placed.at(-1);
  // Behind its last entry, the object need not be read again.
  return last === undefined
    ? []
    : [...placed.slice(0, -1), { ...last, position: { ...BEGINNING, after: name } }];
}

function isBehind(position: OutcomePosition, start: OutcomePosition): boolean {
  return position.line > start.line || (position.line === start.line && position.entry > start.entry);
}

/** The items of an object, by line; `undefined` for a line that is none, so that one bad line hides no others. */
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
  if (items.includes(undefined)) log.warn('outcome object holds lines that are no outcomes', { key });
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
