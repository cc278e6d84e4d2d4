import type { ObjectKey, ObjectPrefix } from '#core/object-address.ts';
import type { ObjectInfo } from '#core/ports.ts';
import type { TaskPath } from '#core/task-path.ts';
import { keyBelow, outcomeName } from './object-keys.ts';
import type { OutcomeGroup } from './outcome-groups.ts';

/** The part of `Objects` that lists keys, which splitters have for sources, too. */
interface KeyListing {
  list(
    prefix: ObjectPrefix,
    options?: { after?: string; limit?: number },
  ): Promise<{ objects: readonly ObjectInfo[]; next?: string }>;
}

export interface OutcomeObjects {
  /** Object keys by name, sorted by name. */
  readonly keys: ReadonlyMap<string, ObjectKey>;
  /** True if more objects follow. */
  readonly isLonger: boolean;
}

interface ListRange {
  readonly after: string | undefined;
  /** Maximum number of objects listed per prefix. */
  readonly limit: number;
}

/**
 * Lists the outcome objects of a job after the name `after`. A name consists of the group's index and the key
 * after the prefix. Each name is resolved to the first prefix of its group that has it, because outcomes kept
 * by a retry stay where the earlier run wrote them.
 */
export async function listOutcomeObjects(
  objects: KeyListing,
  groups: readonly OutcomeGroup[],
  { after, limit }: ListRange,
): Promise<OutcomeObjects> {
  const slash = after?.indexOf('/') ?? 0;
  const start = after === undefined ? 0 : Number(after.slice(0, slash));
  for (const [at, prefixes] of groups.entries()) {
    if (at < start) continue;
    const behind = at === start ? after?.slice(slash + 1) : undefined;
    const { keys, isLonger } = await listGroup(objects, prefixes, { after: behind, limit });
    if (keys.length === 0 && !isLonger) continue;
    const keysByName = new Map(keys.map(([name, key]) => [`${at}/${name}`, key]));
    return { keys: keysByName, isLonger: isLonger || at + 1 < groups.length };
  }
  return { keys: new Map(), isLonger: false };
}

/** Lists the objects of one group in the order of their names. */
export async function listGroup(
  objects: KeyListing,
  prefixes: OutcomeGroup,
  { after, limit }: ListRange,
): Promise<{ keys: [string, ObjectKey][]; isLonger: boolean }> {
  const keys = new Map<string, ObjectKey>();
  let last: string | undefined;
  for (const prefix of prefixes) {
    const behind = after === undefined ? {} : { after: `${prefix}${after}` };
    const page = await objects.list(prefix, { limit, ...behind });
    const names = page.objects.map(({ key }) => key.slice(prefix.length));
    for (const name of names) if (!keys.has(name)) keys.set(name, keyBelow(prefix, name));
    const end = page.next === undefined ? undefined : names.at(-1);
    if (end !== undefined && (last === undefined || end < last)) last = end;
  }
  // After the end of the shortest list, names of another prefix may still be missing.
  const completeKeys = [...keys].filter(([name]) => last === undefined || name <= last);
  return { keys: completeKeys.sort(([a], [b]) => (a < b ? -1 : 1)), isLonger: last !== undefined };
}

/** Returns the keys at which the outcomes of a chunk can be, in order of precedence, for each group. */
export function outcomeKeysOf(
  groups: readonly OutcomeGroup[],
  { path, index }: { readonly path: TaskPath; readonly index: number },
  isFlow: boolean,
): ObjectKey[][] {
  const name = outcomeName(path, index);
  const belowStep = outcomeName(path.split('.').slice(1).join('.'), index).replace(/^root\//, '');
  const isNested = path.includes('.');
  return groups.map((prefixes) =>
    prefixes
      .filter((prefix) => !isFlow || prefix.endsWith('.') === isNested)
      .map((prefix) => keyBelow(prefix, isFlow ? belowStep : name)),
  );
}
