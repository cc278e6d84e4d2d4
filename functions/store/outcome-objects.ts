import { generationsOf, type Job } from '#core/job.ts';
import type { Objects } from '#core/ports.ts';
import { objectPrefix } from './keys.ts';

export interface OutcomeObjects {
  /** Keys by name, in the order of names, which lie below the prefix of a run. */
  readonly keys: ReadonlyMap<string, string>;
  /** Whether there are more behind them. */
  readonly isLonger: boolean;
}

/**
 * The outcome objects of a job behind the name `after`, at most `limit` of each run. Of each name the newest: what a
 * retry took over lies where the run before wrote it.
 */
export async function listOutcomeObjects(
  objects: Pick<Objects, 'list'>,
  job: Job,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<OutcomeObjects> {
  const keys = new Map<string, string>();
  let last: string | undefined;
  for (const generation of generationsOf(job)) {
    const prefix = objectPrefix('outcomes', { ...job, generation });
    const behind = after === undefined ? {} : { after: `${prefix}${after}` };
    const page = await objects.list(prefix, { limit, ...behind });
    const names = page.objects.map(({ key }) => key.slice(prefix.length));
    for (const name of names) if (!keys.has(name)) keys.set(name, `${prefix}${name}`);
    const end = page.next === undefined ? undefined : names.at(-1);
    if (end !== undefined && (last === undefined || end < last)) last = end;
  }
  // Behind the end of the shortest list, names of another run may still be missing.
  const known = [...keys].filter(([name]) => last === undefined || name <= last);
  return { keys: new Map(known.sort(([a], [b]) => (a < b ? -1 : 1))), isLonger: last !== undefined };
}
