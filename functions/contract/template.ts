/** A template in requests and responses. */
import * as z from 'zod';
import {
  type DocumentVersion,
  documentDescription,
  documentMembers,
  putMembers,
} from './document-version.ts';
import { anId } from './id-member.ts';
import { idProblem } from './ids.ts';
import { itemFailurePolicy } from './item-failure-policy.ts';

const MAX_STEPS = 20;
const MAX_EDGES = 100;
const MAX_VISITS = 50;
const MAX_TIMEOUT_SECONDS = 30 * 24 * 3600;
const DAY_SECONDS = 24 * 3600;
/** Maximum length of a step name, which is part of a state name with at most 80 characters. */
const MAX_NAME_LENGTH = 32;

const stepName = z
  .string()
  .max(MAX_NAME_LENGTH)
  .regex(/^[a-z][a-z0-9-]*$/, 'a step is named with a-z, 0-9 and -, a letter first');

const outcomeCode = z
  .string()
  .max(MAX_NAME_LENGTH)
  .regex(
    /^(\*|[A-Z][A-Z0-9_]*)$/,
    'an outcome is COMPLETED, FAILED, COMPLETED_WITH_FAILURES, a code such as MORE, or *',
  );

const mimePattern = z
  .string()
  .max(200)
  .regex(/^(\*|[\w.+-]+)\/(\*|[\w.+-]+)$/, 'a MIME type is type/subtype, where either may be *');

const templateStep = z.strictObject({
  name: stepName,
  worker: z.string().min(1).max(100),
  splitter: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('With it the step splits `definition` into items of its own.'),
  definition: z.unknown().optional(),
  inputMimeTypes: z
    .array(mimePattern)
    .max(100)
    .default([])
    .describe('Parts that the worker sees, such as image/*; none: all but META.'),
  expectsNewPart: z.boolean().default(false).describe('An item without a new part has failed.'),
  marksSourceMeta: z.boolean().default(false).describe('The parts that the worker saw become META.'),
  takesFailed: z.boolean().default(false).describe('Items that failed in an earlier step come along.'),
  parameters: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('By the schema of the worker; "$.parameters.<name>" stands for what the job says.'),
  onItemFailure: itemFailurePolicy.default('continue'),
  maxAttempts: z.int().min(1).max(10).default(3),
  timeoutSeconds: z
    .int()
    .min(60)
    .max(MAX_TIMEOUT_SECONDS)
    .default(DAY_SECONDS)
    .describe('The job fails when the step takes longer, pauses apart.'),
  after: z
    .array(stepName)
    .min(2, 'a join names the last steps of two branches or more')
    .max(MAX_STEPS)
    .optional()
    .describe('Of a join: where the parallel branches before it end.'),
});

const FEW_BRANCHES = 'parallel branches are two or more; an edge to one step has its name, without brackets';

const flowEdge = z.strictObject({
  from: stepName,
  on: outcomeCode,
  to: z.union([stepName, z.array(stepName).min(2, FEW_BRANCHES).max(MAX_STEPS)]),
  maxVisits: z.int().min(1).max(MAX_VISITS).optional().describe('How often `to` is visited at most.'),
});

export const templateBody = z.strictObject({
  name: anId('template').optional().describe('As in the path.'),
  description: documentDescription.default(''),
  enabled: z.boolean().default(true),
  parametersSchema: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('JSON Schema 2020-12 of the parameters; without one, a job has none.'),
  itemsPerTask: z.int().min(1).max(1_000).default(25),
  steps: z.array(templateStep).min(1, 'a template has one step or more').max(MAX_STEPS),
  flow: z
    .array(flowEdge)
    .max(MAX_EDGES)
    .optional()
    .describe('Which step follows which outcome; absent: in order, until a step fails.'),
});
export type TemplateBody = z.output<typeof templateBody>;

/** Returns why the string is not a valid template name; `undefined` if it is one. */
export function templateNameProblem(name: string): string | undefined {
  return idProblem('template', name);
}

/** One version of a template. */
export type TemplateVersion = TemplateBody & DocumentVersion;

export const templateSummarySchema = z
  .strictObject({
    ...documentMembers,
    description: z.string(),
    enabled: z.boolean().describe('Whether jobs can be created of it.'),
    steps: z.array(z.string()).describe('Their names.'),
  })
  .meta({ id: 'TemplateSummary' });

export const templateSchema = z
  .strictObject({ ...templateBody.shape, ...documentMembers, ...putMembers })
  .meta({ id: 'Template' });
export type TemplateView = z.output<typeof templateSchema>;
