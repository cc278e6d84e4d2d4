/** A template in requests and responses. */
import * as z from 'zod';
import {
  type DocumentVersion,
  documentDescription,
  documentMembers,
  putMembers,
} from './document-version.ts';
import { idMember } from './id-member.ts';
import { idProblem } from './ids.ts';
import { itemFailurePolicy } from './item-failure-policy.ts';
import { itemsPerTask } from './quantities.ts';

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
  .regex(/^[a-z][a-z0-9-]*$/, 'a step name has a-z, 0-9 and -, and begins with a letter');

const outcomeCode = z
  .string()
  .max(MAX_NAME_LENGTH)
  .regex(
    /^(\*|[A-Z][A-Z0-9_]*)$/,
    'must be COMPLETED, FAILED, COMPLETED_WITH_FAILURES, a code such as MORE, or *',
  );

const mimePattern = z
  .string()
  .max(200)
  .regex(/^(\*|[\w.+-]+)\/(\*|[\w.+-]+)$/, 'must be a MIME type type/subtype, where either part may be *');

const templateStep = z.strictObject({
  name: stepName,
  worker: z.string().min(1).max(100),
  splitter: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('If present, the step splits `definition` into its own items.'),
  definition: z.unknown().optional(),
  inputMimeTypes: z
    .array(mimePattern)
    .max(100)
    .default([])
    .describe(
      'MIME types of the parts that the worker receives, such as image/*; empty for all except META.',
    ),
  onNoParts: z
    .enum(['note', 'fail'])
    .optional()
    .describe(
      'What happens with an item that has no part of these types: it gets a note (the default), or fails with no-parts.',
    ),
  expectsNewPart: z
    .boolean()
    .default(false)
    .describe('True if an item fails when the worker creates no new part for it.'),
  marksSourceMeta: z
    .boolean()
    .default(false)
    .describe('True if the parts that the worker received become META.'),
  takesFailed: z
    .boolean()
    .default(false)
    .describe('True if the step also processes items that failed or were skipped in an earlier step.'),
  parameters: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('Parameters of the worker. "$.parameters.<name>" is replaced by the value from the job.'),
  onItemFailure: itemFailurePolicy.default('failIfNoneSucceed'),
  maxAttempts: z.int().min(1).max(10).default(3),
  timeoutSeconds: z
    .int()
    .min(60)
    .max(MAX_TIMEOUT_SECONDS)
    .default(DAY_SECONDS)
    .describe('The job fails if the step takes longer, without pauses.'),
  after: z
    .array(stepName)
    .min(2, 'a join names the last steps of at least two branches')
    .max(MAX_STEPS)
    .optional()
    .describe('Makes the step a join: the last steps of the parallel branches before it.'),
});

const TOO_FEW_BRANCHES = 'parallel branches need at least two steps; write an edge to one step as a string';

const flowEdge = z.strictObject({
  from: stepName,
  on: outcomeCode,
  to: z.union([stepName, z.array(stepName).min(2, TOO_FEW_BRANCHES).max(MAX_STEPS)]),
  maxVisits: z.int().min(1).max(MAX_VISITS).optional().describe('Maximum number of visits of `to`.'),
});

export const templateBody = z
  .strictObject({
    name: idMember('template').optional().describe('Must match the name in the path.'),
    description: documentDescription.default(''),
    enabled: z.boolean().default(true),
    parametersSchema: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('JSON Schema 2020-12 of the parameters. Without it, jobs take no parameters.'),
    itemsPerTask: itemsPerTask.describe(
      'Items of a chunk in each step. Default: the smallest `itemsPerTask` of the workers of its steps (GET /workers).',
    ),
    steps: z.array(templateStep).min(1, 'a template needs at least one step').max(MAX_STEPS),
    flow: z
      .array(flowEdge)
      .max(MAX_EDGES)
      .optional()
      .describe('The next step for each outcome. Default: steps run in order, until one fails.'),
  })
  .meta({ id: 'TemplateRequest' });
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
    enabled: z.boolean().describe('True if new jobs can use it.'),
    steps: z.array(z.string()).describe('Names of the steps.'),
  })
  .meta({ id: 'TemplateSummary' });

export const templateSchema = z
  .strictObject({ ...templateBody.shape, ...documentMembers, ...putMembers })
  .meta({ id: 'Template' });
export type TemplateView = z.output<typeof templateSchema>;
