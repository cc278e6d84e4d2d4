/** Reads outcomes for splitters: chunk by chunk, or in groups that each become one item. */
import * as v from 'valibot';
import { integer, positiveCount } from '#contract/integers.ts';
import { matchesFilter, type OutcomeFilter, type OutcomeGroup } from '#contract/outcome-group.ts';
import type { OutcomeRecord } from '#core/item.ts';
import {
  type Child,
  checkpoint,
  item,
  type OutcomeList,
  type OutcomeRange,
  type SplitContext,
} from '#core/splitter.ts';
import { parseOutcomes } from '../../store/outcomes.ts';
import { storedCursor } from './stored-cursor.ts';

export const groupSize = v.pipe(
  positiveCount,
  v.maxValue(10_000),
  v.description(
    'Number of outcomes in one item. The item contains the locations of its outcomes (for export-zip).',
  ),
);

interface ChunkOutcomes {
  readonly name: string;
  readonly range: OutcomeRange;
  readonly records: readonly OutcomeRecord[];
  readonly sizeBytes: number;
}

/** Yields the outcomes after the position `start`, one chunk at a time. */
export async function* chunksOf(
  outcomes: OutcomeList,
  { objects }: SplitContext,
  start: string | undefined,
): AsyncGenerator<ChunkOutcomes> {
  for await (const { name, range } of outcomes.after(start)) {
    if (range === undefined) continue;
    const { key, from, to } = range;
    const bytes = from === to ? new Uint8Array() : await objects.get(objects.locate({ key }), { from, to });
    if (bytes !== undefined) yield { name, range, records: parseOutcomes(bytes), sizeBytes: bytes.length };
  }
}

type GroupCursor = v.InferOutput<typeof groupCursor>;
const groupCursor = v.looseObject({
  /** The last object that is complete. `line` is the number of lines done in the next one. */
  after: v.optional(v.string()),
  line: integer,
  group: integer,
});

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
  outcomes: OutcomeList,
  { job, filter, size, idOf = String, groupsPerCheckpoint = 100 }: Grouping,
  context: SplitContext,
): AsyncGenerator<Child> {
  const start: GroupCursor = storedCursor(groupCursor, context) ?? { line: 0, group: 0 };
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
  for await (const { name, range, records } of chunksOf(outcomes, context, after)) {
    const location = { key: range.key, bytes: { from: range.from, to: range.to } };
    let begin = from;
    for (let line = from; line < records.length; line += 1) {
      const record = records[line];
      if (record === undefined || !matchesFilter(record, filter)) continue;
      count += 1;
      if (count < size) continue;
      open.push({ ...location, from: begin, to: line + 1 });
      begin = line + 1;
      yield closed();
      if (group % groupsPerCheckpoint === 0)
        yield checkpoint({ after, line: begin, group } satisfies GroupCursor);
    }
    const hasMore = records.slice(begin).some((record) => matchesFilter(record, filter));
    if (hasMore) open.push({ ...location, from: begin, to: records.length });
    from = 0;
    after = name;
  }
  if (count > 0) yield closed();
}
