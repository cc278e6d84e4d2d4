/** The process that evaluates job types; its sibling `evaluator.ts` starts it, asks and ends it. */
import type { JobType, JobTypeBody } from '#contract/job-types.ts';
import type { WrongPlace } from '../json-schema.ts';
import { evaluateMapping, jobTypeFaults, type Mapped, type MappingInput } from './evaluate.ts';

export type Question =
  | { readonly kind: 'faults'; readonly body: JobTypeBody }
  | { readonly kind: 'map'; readonly type: JobType; readonly input: MappingInput };

export type Answer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'faults'; readonly places: readonly WrongPlace[] }
  | { readonly kind: 'mapped'; readonly mapped: Mapped };

async function answerTo(question: Question): Promise<Answer> {
  if (question.kind === 'faults') return { kind: 'faults', places: jobTypeFaults(question.body) };
  return { kind: 'mapped', mapped: await evaluateMapping(question.type, question.input) };
}

process.on('message', async (question: Question) => process.send?.(await answerTo(question)));
process.on('disconnect', () => process.exit());
process.send?.({ kind: 'ready' } satisfies Answer);
