import type { ObjectKey } from '#core/object-address.ts';
import type { Objects } from '#core/ports.ts';
import { keyBelow } from './object-keys.ts';
import type { OutcomeGroup } from './outcome-groups.ts';

export interface OutcomeObjects {
  /** Keys by name, in the order of names. */
  readonly keys: ReadonlyMap<string, ObjectKey>;
  /** Whether there are more behind them. */
  readonly isLonger: boolean;
}

interface Place {
  readonly after: string | undefined;
  /** Objects that are listed of each prefix at most. */
  readonly limit: number;
}

/**
 * The outcome objects of a job behind the name `after`. A name is that of the group and what follows the prefix; of
 * each, the object below the first prefix of its group that has it: what a retry took over lies where the run before
 * wrote it.
 */
export async function listOutcomeObjects(
  objects: Pick<Objects, 'list'>,
  groups: readonly OutcomeGroup[],
  { after, limit }: Place,
): Promise<OutcomeObjects> {
  const slash = after?.indexOf('/') ?? 0;
  const start = after === undefined ? 0 : Number(after.slice(0, slash));
  for (const [at, prefixes] of groups.entries()) {
    if (at < start) continue;
    const behind = at === start ? after?.slice(slash + 1) : undefined;
    const { keys, isLonger } = await listGroup(objects, prefixes, { after: behind, limit });
    if (keys.length === 0 && !isLonger) continue;
    const named = new Map(keys.map(([name, key]) => [`${at}/${name}`, key]));
    return { keys: named, isLonger: isLonger || at + 1 < groups.length };
  }
  return { keys: new Map(), isLonger: false };
}

async function listGroup(
  objects: Pick<Objects, 'list'>,
  prefixes: OutcomeGroup,
  { after, limit }: Place,
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
  // Behind the end of the shortest list, names below another prefix may still be missing.
  const known = [...keys].filter(([name]) => last === undefined || name <= last);
  return { keys: known.sort(([a], [b]) => (a < b ? -1 : 1)), isLonger: last !== undefined };
}
