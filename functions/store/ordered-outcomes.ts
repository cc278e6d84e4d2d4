/** The outcome objects of a job in the order of its tree: chunk 2 before chunk 10, and node 9 before node 10. */
import type { ObjectKey } from '#core/object-address.ts';
import type { Objects } from '#core/ports.ts';
import { keyBelow } from './object-keys.ts';
import type { OutcomeGroup } from './outcome-groups.ts';
import { listGroup } from './outcome-objects.ts';

type Listing = Pick<Objects, 'list'>;

const LIST_SIZE = 1_000;
/**
 * Maximum number of objects of a group that are sorted. Names are stored without padding, so only a sort
 * orders nodes. Larger groups are listed in the order of their names.
 */
const MAX_SORTED = 10_000;

export interface OrderedObject {
  /** Index of the group and the key after its prefix. */
  readonly name: string;
  readonly key: ObjectKey;
  /** True if the group is listed in the order of its names. */
  readonly isByName: boolean;
}

export interface OutcomeOrder {
  /** Name to continue after; absent for all objects. */
  readonly after?: string | undefined;
  /** `isByName` of the object with the name `after`. */
  readonly isByName?: boolean | undefined;
  /** True to begin with the last group. */
  readonly lastGroupFirst?: boolean | undefined;
}

/** Yields the objects of all groups. Lists only as far as they are consumed. */
export async function* orderedOutcomes(
  objects: Listing,
  groups: readonly OutcomeGroup[],
  { after, isByName, lastGroupFirst = false }: OutcomeOrder,
): AsyncGenerator<OrderedObject> {
  const slash = after?.indexOf('/') ?? 0;
  const start = after === undefined ? undefined : Number(after.slice(0, slash));
  const entries = [...groups.entries()];
  for (const [at, prefixes] of lastGroupFirst ? entries.toReversed() : entries) {
    if (start !== undefined && (lastGroupFirst ? at > start : at < start)) continue;
    const groupOrder = at === start ? { after: after?.slice(slash + 1), isByName } : {};
    for await (const one of objectsOfGroup(objects, prefixes, groupOrder)) {
      yield { ...one, name: `${at}/${one.name}` };
    }
  }
}

async function* objectsOfGroup(
  objects: Listing,
  prefixes: OutcomeGroup,
  { after, isByName }: Pick<OutcomeOrder, 'after' | 'isByName'>,
): AsyncGenerator<OrderedObject> {
  const canSort = isByName !== true && (after !== undefined || (await hasNodes(objects, prefixes)));
  const keys = canSort
    ? await allKeys(objects, prefixes, after === undefined ? MAX_SORTED : Infinity)
    : undefined;
  if (keys === undefined) {
    yield* objectsByName(objects, prefixes, after);
    return;
  }
  for (const name of [...keys.keys()].sort(inTreeOrder)) {
    const key = keys.get(name);
    if (key === undefined || (after !== undefined && inTreeOrder(name, after) <= 0)) continue;
    yield { name, key, isByName: false };
  }
}

/** True if the group has objects of nodes below its root. The names of all others are padded, so they are in order. */
async function hasNodes(objects: Listing, prefixes: OutcomeGroup): Promise<boolean> {
  for (const prefix of prefixes) {
    const { objects: first } = await objects.list(prefix, { limit: 1 });
    const name = first[0]?.key.slice(prefix.length);
    // `root` sorts after every number.
    if (name?.includes('/') && !name.startsWith('root/')) return true;
  }
  return false;
}

/** Returns the keys of all objects by name; `undefined` if a prefix has more than `limit`. */
async function allKeys(
  objects: Listing,
  prefixes: OutcomeGroup,
  limit: number,
): Promise<Map<string, ObjectKey> | undefined> {
  const keys = new Map<string, ObjectKey>();
  for (const prefix of prefixes) {
    let count = 0;
    for (let after: string | undefined, isMore = true; isMore; ) {
      const page = await objects.list(prefix, {
        limit: LIST_SIZE,
        ...(after === undefined ? {} : { after }),
      });
      count += page.objects.length;
      if (count > limit) return undefined;
      for (const { key } of page.objects) {
        const name = key.slice(prefix.length);
        if (!keys.has(name)) keys.set(name, keyBelow(prefix, name));
      }
      after = page.objects.at(-1)?.key;
      isMore = page.next !== undefined && after !== undefined;
    }
  }
  return keys;
}

async function* objectsByName(
  objects: Listing,
  prefixes: OutcomeGroup,
  start: string | undefined,
): AsyncGenerator<OrderedObject> {
  for (let after = start, isMore = true; isMore; ) {
    const page = await listGroup(objects, prefixes, { after, limit: LIST_SIZE });
    for (const [name, key] of page.keys) yield { name, key, isByName: true };
    after = page.keys.at(-1)?.[0];
    isMore = page.isLonger && after !== undefined;
  }
}

function inTreeOrder(one: string, other: string): number {
  const [numbers, others] = [numbersIn(one), numbersIn(other)];
  for (const [position, number] of numbers.entries()) {
    const difference = number - (others[position] ?? -1);
    if (difference !== 0) return difference;
  }
  return numbers.length - others.length;
}

/** Returns the numbers of the nodes and the chunk: `3.17/0000000002.jsonl` is 3, 17, 2. */
function numbersIn(name: string): number[] {
  return (name.match(/\d+/g) ?? []).map(Number);
}
