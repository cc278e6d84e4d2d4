import * as z from 'zod';
import { type OutcomeFilter, type OutcomeGroup, outcomeFilter, passes } from '#contract/outcome-group.ts';
import { PermanentFailure } from '#core/errors.ts';
import { ITEM_OUTCOMES, type OutcomeRecord } from '#core/item.ts';
import type { Job } from '#core/job.ts';
import { isFinal } from '#core/job-status.ts';
import { type Child, checkpoint, defineSplitter, item, type SplitContext } from '#core/splitter.ts';
import { listOutcomeObjects } from '../../store/outcome-objects.ts';
import { parseOutcomes } from '../../store/outcomes.ts';

const OBJECTS_PER_PAGE = 100;
const CHUNKS_PER_CHECKPOINT = 40;
const GROUPS_PER_CHECKPOINT = 100;

const resultsDefinition = z.strictObject({
  job: z.string().min(1).max(48).describe('Another job of the partition, which must be over.'),
  outcome: z.enum(ITEM_OUTCOMES).optional(),
  filter: outcomeFilter.omit({ outcome: true }).default({}).describe('All that is given must hold.'),
  group: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe('One item for so many outcomes, which names where they are written (for export-zip).'),
});
type ResultsDefinition = z.infer<typeof resultsDefinition>;

export const jobResults = defineSplitter<ResultsDefinition>({
  name: 'job-results',
  description:
    'The items of another job again: the id is the former one, the payload its outcome; parts are carried over.',
  definition: resultsDefinition,
  split: splitResults,
});

async function* splitResults(definition: ResultsDefinition, context: SplitContext): AsyncGenerator<Child> {
  const { outcome, group } = definition;
  const filter: OutcomeFilter = { ...definition.filter, ...(outcome === undefined ? {} : { outcome }) };
  const job = await finalJob(definition.job, filter, context);
  yield* group === undefined
    ? itemsOf(job, filter, context)
    : groupsOf(job, { filter, size: group }, context);
}

async function finalJob(id: string, { outcome }: OutcomeFilter, { findJob }: SplitContext): Promise<Job> {
  const job = await findJob(id);
  if (job === undefined) {
    throw new PermanentFailure('job-missing', `there is no job '${id}' in this partition; was it deleted?`);
  }
  if (!isFinal(job.status)) {
    throw new PermanentFailure(
      'job-not-over',
      `job '${id}' is ${job.status}; its results are taken once it is over: submit this job then, or name that one in prerequisiteJobIds`,
    );
  }
  if (job.plan.outcomes === 'failures' && outcome !== 'failed') {
    throw new PermanentFailure(
      'outcomes-not-kept',
      `job '${id}' kept outcomes of failures only; ask for outcome 'failed', or run it with outcomes 'all'`,
    );
  }
  return job;
}

interface OutcomeObject {
  readonly name: string;
  readonly key: string;
  readonly records: readonly OutcomeRecord[];
}

/** The objects behind the name `after`, one at a time. */
async function* outcomeObjects(
  job: Job,
  { objects, findOutcomes }: SplitContext,
  start: string | undefined,
): AsyncGenerator<OutcomeObject> {
  const list = (key: string, options?: { after?: string; limit?: number }) => objects.list({ key }, options);
  const groups = await findOutcomes(job);
  let after = start;
  for (;;) {
    const page = await listOutcomeObjects({ list }, groups, { after, limit: OBJECTS_PER_PAGE });
    for (const [name, key] of page.keys) {
      const bytes = await objects.get({ key });
      if (bytes !== undefined) yield { name, key, records: parseOutcomes(bytes) };
      after = name;
    }
    if (!page.isLonger) return;
  }
}

async function* itemsOf(job: Job, filter: OutcomeFilter, context: SplitContext): AsyncGenerator<Child> {
  const perCheckpoint = context.itemsPerTask * CHUNKS_PER_CHECKPOINT;
  let count = 0;
  for await (const { name, records } of outcomeObjects(job, context, context.cursor as string | undefined)) {
    for (const record of records) {
      if (!passes(record, filter)) continue;
      const { parts, ...payload } = record;
      yield item(record.id, payload, parts);
      count += 1;
    }
    if (count < perCheckpoint) continue;
    count = 0;
    yield checkpoint(name);
  }
}

interface GroupCursor {
  /** Behind this object, and behind so many lines of the one after it. */
  readonly after?: string | undefined;
  readonly line: number;
  readonly group: number;
}

async function* groupsOf(
  job: Job,
  { filter, size }: { filter: OutcomeFilter; size: number },
  context: SplitContext,
): AsyncGenerator<Child> {
  const start = (context.cursor ?? { line: 0, group: 0 }) as GroupCursor;
  let { after, line: from, group } = start;
  let open: OutcomeGroup['objects'] = [];
  let count = 0;
  const closed = (): Child => {
    const payload: OutcomeGroup = { job: job.job, count, filter, objects: open };
    open = [];
    count = 0;
    group += 1;
    return item(String(group - 1), payload);
  };
  for await (const { name, key, records } of outcomeObjects(job, context, after)) {
    let begin = from;
    for (let line = from; line < records.length; line += 1) {
      const record = records[line];
      if (record === undefined || !passes(record, filter)) continue;
      count += 1;
      if (count < size) continue;
      open.push({ key, from: begin, to: line + 1 });
      begin = line + 1;
      yield closed();
      if (group % GROUPS_PER_CHECKPOINT === 0)
        yield checkpoint({ after, line: begin, group } satisfies GroupCursor);
    }
    const hasMore = records.slice(begin).some((record) => passes(record, filter));
    if (hasMore) open.push({ key, from: begin, to: records.length });
    from = 0;
    after = name;
  }
  if (count > 0) yield closed();
}
