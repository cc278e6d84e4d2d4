import * as v from 'valibot';
import { matchesFilter, type OutcomeFilter, outcomeFilter } from '#contract/outcome-group.ts';
import { PermanentFailure } from '#core/errors.ts';
import { ITEM_OUTCOMES } from '#core/item.ts';
import type { Job } from '#core/job.ts';
import { isFinal } from '#core/job-status.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { type Child, checkpoint, defineSplitter, item, type SplitContext } from '#core/splitter.ts';
import { CheckpointPace } from './checkpoint-pace.ts';
import { chunksOf, groupSize, groupsOf } from './outcome-groups.ts';
import { storedCursor } from './stored-cursor.ts';

const resultsDefinition = v.strictObject({
  job: v.pipe(
    v.string(),
    v.nonEmpty(),
    v.maxLength(48),
    v.description('Another job of the partition. It must be final.'),
  ),
  outcome: v.optional(v.picklist(ITEM_OUTCOMES)),
  filter: v.optional(
    v.pipe(
      v.omit(outcomeFilter, ['outcome']),
      v.description('Selects outcomes that match all given fields.'),
    ),
    {},
  ),
  group: v.optional(groupSize),
});
type ResultsDefinition = v.InferOutput<typeof resultsDefinition>;

export const jobResults = defineSplitter<ResultsDefinition>({
  name: 'job-results',
  description:
    'Creates one item for each outcome of another job. Ids and parts stay; the payload is the outcome.',
  definition: resultsDefinition,
  split: splitResults,
});

async function* splitResults(definition: ResultsDefinition, context: SplitContext): AsyncGenerator<Child> {
  const { outcome, group } = definition;
  const filter: OutcomeFilter = { ...definition.filter, ...omitUndefined({ outcome }) };
  const job = await finalJob(definition.job, filter, context);
  if (group === undefined) yield* itemsOf(job, filter, context);
  else yield* groupsOf(await context.findOutcomes(job), { job: job.job, filter, size: group }, context);
}

async function finalJob(id: string, { outcome }: OutcomeFilter, { findJob }: SplitContext): Promise<Job> {
  const job = await findJob(id);
  if (job === undefined) {
    throw new PermanentFailure(
      'job-missing',
      `job '${id}' does not exist in this partition. Check the id, or whether the job was deleted.`,
    );
  }
  if (!isFinal(job.status)) {
    throw new PermanentFailure(
      'job-not-over',
      `job '${id}' is ${job.status}, but its results can be read only when it is final. Submit this job later, or add '${id}' to prerequisiteJobIds.`,
    );
  }
  if (job.plan.outcomes === 'failures' && outcome !== 'failed') {
    throw new PermanentFailure(
      'outcomes-not-kept',
      `job '${id}' stored only the outcomes of failed items. Select outcome 'failed', or run that job with outcomes 'all'.`,
    );
  }
  return job;
}

async function* itemsOf(job: Job, filter: OutcomeFilter, context: SplitContext): AsyncGenerator<Child> {
  const pace = new CheckpointPace(context.itemsPerTask);
  for await (const { name, records, sizeBytes } of chunksOf(
    await context.findOutcomes(job),
    context,
    storedCursor(v.string(), context),
  )) {
    let count = 0;
    for (const record of records) {
      if (!matchesFilter(record, filter)) continue;
      const { parts, ...payload } = record;
      yield item(record.id, payload, parts);
      count += 1;
    }
    if (pace.isDue(sizeBytes, count)) yield checkpoint(name);
  }
}
