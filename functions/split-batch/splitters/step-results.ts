import * as v from 'valibot';
import { type OutcomeFilter, outcomeFilter } from '#contract/outcome-group.ts';
import { PermanentFailure } from '#core/errors.ts';
import { ITEM_OUTCOMES } from '#core/item.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { type Child, defineSplitter, type SplitContext } from '#core/splitter.ts';
import { STEP_RESULTS_SPLITTER } from '#core/template/template.ts';
import { groupSize, groupsOf } from './outcome-groups.ts';

const DIGITS = 4;

const stepResultsDefinition = v.strictObject({
  group: v.optional(groupSize, 1_000),
  name: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[a-z][a-z0-9-]{0,31}$/, 'use up to 32 of a-z, 0-9 and -, a letter first'),
      v.description('Prefix of the item ids: <name>-0001, <name>-0002 and so on.'),
    ),
    'group',
  ),
  outcome: v.optional(v.picklist(ITEM_OUTCOMES)),
  filter: v.optional(
    v.pipe(
      v.omit(outcomeFilter, ['outcome']),
      v.description('Selects outcomes that match all given fields.'),
    ),
    {},
  ),
});
type StepResultsDefinition = v.InferOutput<typeof stepResultsDefinition>;

/** The outcomes of a complete step do not change, so every split finds the same groups. */
export const stepResults = defineSplitter<StepResultsDefinition>({
  name: STEP_RESULTS_SPLITTER,
  description:
    'In a template: creates one item for each group of outcomes of the earlier step, including failed items that it took along.',
  definition: stepResultsDefinition,
  stable: true,
  split: splitStepResults,
});

async function* splitStepResults(
  { group, name, outcome, filter: rest }: StepResultsDefinition,
  context: SplitContext,
): AsyncGenerator<Child> {
  const { stepBefore, job } = context;
  if (stepBefore === undefined) {
    throw new PermanentFailure(
      'no-step-before',
      `splitter '${STEP_RESULTS_SPLITTER}' needs a step before it in a template`,
    );
  }
  const filter: OutcomeFilter = { ...rest, ...omitUndefined({ outcome }) };
  const idOf = (at: number) => `${name}-${String(at + 1).padStart(DIGITS, '0')}`;
  yield* groupsOf(stepBefore, { job, filter, size: group, idOf, groupsPerCheckpoint: 1 }, context);
}
