/** Entry of the process that evaluates job types and schemas of templates. `evaluator.ts` starts, uses and ends it. */
import type { JobType, JobTypeBody } from '#contract/job-type.ts';
import { evaluateMapping, jobTypeFaults, type Mapped, type MappingInput } from './evaluate.ts';
import { compileSchema, schemaFaults, type ValueFault } from './json-schema.ts';
import { lockDown } from './lock-down.ts';

type Schema = Readonly<Record<string, unknown>>;

export type Question =
  | { readonly kind: 'faults'; readonly body: JobTypeBody }
  | { readonly kind: 'schema-faults'; readonly schema: Schema }
  | { readonly kind: 'check'; readonly schema: Schema; readonly value: unknown }
  | { readonly kind: 'map'; readonly type: JobType; readonly input: MappingInput };

export type Answer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'faults'; readonly faults: readonly ValueFault[] }
  | { readonly kind: 'mapped'; readonly mapped: Mapped };

async function answerTo(question: Question): Promise<Answer> {
  switch (question.kind) {
    case 'faults':
      return { kind: 'faults', faults: jobTypeFaults(question.body) };
    case 'schema-faults':
      return { kind: 'faults', faults: schemaFaults(question.schema) };
    case 'check':
      return { kind: 'faults', faults: compileSchema(question.schema)(question.value) };
    case 'map':
      return { kind: 'mapped', mapped: await evaluateMapping(question.type, question.input) };
  }
}

lockDown();
process.on('message', async (question: Question) => process.send?.(await answerTo(question)));
process.on('disconnect', () => process.exit());
process.send?.({ kind: 'ready' } satisfies Answer);
