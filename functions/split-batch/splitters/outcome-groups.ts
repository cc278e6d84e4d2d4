/** Reads outcomes for splitters: object by object, or in groups that each become one item. */
import * as z from 'zod';
import { matchesFilter, type OutcomeFilter, type OutcomeGroup } from '#contract/outcome-group.ts';
import type { OutcomeRecord } from '#core/item.ts';
import type { ObjectKey, ObjectPrefix } from '#core/object-address.ts';
import { type Child, checkpoint, item, type SplitContext } from '#core/splitter.ts';
import { listOutcomeObjects } from '../../store/outcome-objects.ts';
import { parseOutcomes } from '../../store/outcomes.ts';

const OBJECTS_PER_PAGE = 100;

export const groupSize = z
  .int()
  .min(1)
  .max(10_000)
  .describe(
    'Number of outcomes in one item. The item contains the locations of its outcomes (for export-zip).',
  );

/** Prefixes of objects, as `SplitContext.findOutcomes` returns them. */
type OutcomePrefixes = Awaited<ReturnType<SplitContext['findOutcomes']>>;

interface OutcomeObject {
  readonly name: string;
  readonly key: ObjectKey;
  readonly records: readonly OutcomeRecord[];
  readonly sizeBytes: number;
}

/** Yields the objects after the name `start`, one at a time. */
export async function* outcomeObjects(
  places: OutcomePrefixes,
  { objects }: SplitContext,
  start: string | undefined,
): AsyncGenerator<OutcomeObject> {
  const list = (key: ObjectPrefix, options?: { after?: string; limit?: number }) =>
    objects.list({ key }, options);
  let after = start;
  for (;;) {
    const page = await listOutcomeObjects({ list }, places, { after, limit: OBJECTS_PER_PAGE });
    for (const [name, key] of page.keys) {
      const bytes = await objects.get({ key });
      if (bytes !== undefined) yield { name, key, records: parseOutcomes(bytes), sizeBytes: bytes.length };
      after = name;
    }
    if (!page.isLonger) return;
  }
}

interface GroupCursor {
  /** The last object that is complete. `line` is the number of lines done in the next one. */
  readonly after?: string | undefined;
  readonly line: number;
  readonly group: number;
}

interface Grouping {
  readonly job: string;
  readonly filter: OutcomeFilter;
  readonly size: number;
  /** Returns the id of a group by its position, from 0. */
  readonly idOf?: (group: number) => string;
  /** A chunk ends at each checkpoint, so with 1 each group is one task. */
  readonly groupsPerCheckpoint?: number;
}

export async function* groupsOf(
  places: OutcomePrefixes,
  { job, filter, size, idOf = String, groupsPerCheckpoint = 100 }: Grouping,
  context: SplitContext,
): AsyncGenerator<Child> {
  const start = (context.cursor ?? { line: 0, group: 0 }) as GroupCursor;
  let { after, line: from, group } = start;
  let open: OutcomeGroup['objects'] = [];
  let count = 0;
  const closed = (): Child => {
    const payload: OutcomeGroup = { job, count, filter, objects: open };
    open = [];
    count = 0;
    group += 1;
    return item(idOf(group - 1), payload);
  };
  for await (const { name, key, records } of outcomeObjects(places, context, after)) {
    let begin = from;
    for (let line = from; line < records.length; line += 1) {
      const record = records[line];
      if (record === undefined || !matchesFilter(record, filter)) continue;
      count += 1;
      if (count < size) continue;
      open.push({ key, from: begin, to: line + 1 });
      begin = line + 1;
      yield closed();
      if (group % groupsPerCheckpoint === 0)
        yield checkpoint({ after, line: begin, group } satisfies GroupCursor);
    }
    const hasMore = records.slice(begin).some((record) => matchesFilter(record, filter));
    if (hasMore) open.push({ key, from: begin, to: records.length });
    from = 0;
    after = name;
  }
  if (count > 0) yield closed();
}
