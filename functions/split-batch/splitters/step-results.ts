import * as z from 'zod';
import { type OutcomeFilter, outcomeFilter } from '#contract/outcome-group.ts';
import { PermanentFailure } from '#core/errors.ts';
import { ITEM_OUTCOMES } from '#core/item.ts';
import { type Child, defineSplitter, type SplitContext } from '#core/splitter.ts';
import { STEP_RESULTS_SPLITTER } from '#core/template/template.ts';
import { groupSize, groupsOf } from './outcome-groups.ts';

const DIGITS = 4;

const stepResultsDefinition = z.strictObject({
  group: groupSize.default(1_000),
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, 'use a-z, 0-9 and -, a letter first, at most 32')
    .default('group')
    .describe('Of the items: <name>-0001, <name>-0002 and so on.'),
  outcome: z.enum(ITEM_OUTCOMES).optional(),
  filter: outcomeFilter.omit({ outcome: true }).default({}).describe('All that is given must hold.'),
});
type StepResultsDefinition = z.infer<typeof stepResultsDefinition>;

/** What a step left does not change once it is complete: every split finds the same groups. */
export const stepResults = defineSplitter<StepResultsDefinition>({
  name: STEP_RESULTS_SPLITTER,
  description:
    'In a template: one item for so many outcomes of the step before, those that rode along included.',
  definition: stepResultsDefinition,
  stable: true,
  split: splitStepResults,
});

async function* splitStepResults(
  { group, name, outcome, filter: rest }: StepResultsDefinition,
  context: SplitContext,
): AsyncGenerator<Child> {
  const { stepBefore, job } = context;
  if (stepBefore === undefined || stepBefore.length === 0) {
    throw new PermanentFailure(
      'no-step-before',
      `splitter '${STEP_RESULTS_SPLITTER}' needs a step before it in a template`,
    );
  }
  const filter: OutcomeFilter = { ...rest, ...(outcome === undefined ? {} : { outcome }) };
  const idOf = (at: number) => `${name}-${String(at + 1).padStart(DIGITS, '0')}`;
  yield* groupsOf(stepBefore, { job, filter, size: group, idOf, groupsPerCheckpoint: 1 }, context);
}
