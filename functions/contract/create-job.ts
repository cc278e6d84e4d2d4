/** The body that creates a job: what it may say, and what this version does not do yet and therefore refuses. */
import * as z from 'zod';
import { taskRequest } from './task.ts';

const MAX_NAME_LENGTH = 255;
/** Texts stand in the job row, of which a list reads a thousand: a row stays far below DynamoDB's 400 KB. */
const MAX_TEXT_LENGTH = 10_000;
const MAX_LABELS = 100;
const MAX_LABEL_LENGTH = 255;
const MAX_PREREQUISITES = 100;
export const MAX_PIPELINE_WORKERS = 10;

/** Accepted while it says nothing; anything else would be ignored silently, and is refused instead. */
function neutralOnly<T extends z.ZodType>(
  schema: T,
  what: string,
  isNeutral: (value: z.output<T>) => boolean,
): T {
  return schema.refine(isNeutral, `${what} is not supported by this version yet; leave it out`);
}

const labels = z
  .record(
    z
      .string()
      .max(MAX_LABEL_LENGTH)
      .regex(/^[A-Za-z0-9_:-]+$/, 'a label key has letters, digits, _ - and : only'),
    z.string().max(MAX_LABEL_LENGTH),
  )
  .refine((map) => Object.keys(map).length <= MAX_LABELS, `at most ${MAX_LABELS} labels are allowed`);

const itemFailurePolicy = z
  .union([
    z.enum(['continue', 'failAtEnd', 'failFast']),
    z.strictObject({ tolerate: z.strictObject({ count: z.int().min(0) }) }),
    z.strictObject({ tolerate: z.strictObject({ percent: z.number().min(0).max(100) }) }),
  ])
  .describe('What failed items mean for the job: {"tolerate": {"count": n}} or {"percent": n} sets a limit.');

/** The name of a splitter or worker; which there are says the registry. */
const registeredName = z.string().min(1).max(100);

export const batchRequest = z.strictObject({
  splitter: registeredName,
  definition: z.unknown().describe('What to split, by the schema of the splitter (GET /splitters).'),
  worker: registeredName,
  parameters: z.unknown().optional().describe('By the schema of the worker (GET /workers).'),
  pipeline: z
    .array(registeredName)
    .max(MAX_PIPELINE_WORKERS)
    .default([])
    .describe('Workers that each chunk passes through afterwards.'),
  itemsPerTask: z.int().min(1).max(1_000).default(25),
  onItemFailure: itemFailurePolicy.default('continue'),
  maxAttempts: z.int().min(1).max(10).default(3),
  outcomes: z
    .enum(['all', 'failures'])
    .default('all')
    .describe('failures keeps only the outcomes of chunks in which an item failed.'),
});
export type BatchRequest = z.output<typeof batchRequest>;

const expiryPolicies = z.partialRecord(
  z.enum(['waiting', 'active', 'paused', 'blocked', 'completed', 'failed', 'cancelled', 'expired']),
  z.unknown(),
);

/** The forms in which a job can say what its work is. */
export const WORK_FORMS = ['batch', 'type', 'template', 'task'] as const;
type WorkForm = (typeof WORK_FORMS)[number];

/** Those that this version can run. */
const SUPPORTED_FORMS: readonly WorkForm[] = ['batch', 'task'];

/** Members that only these forms give a meaning to. */
const FORM_MEMBERS = { parameters: ['type', 'template'], items: ['template'] } as const satisfies Record<
  string,
  readonly WorkForm[]
>;

const members = z.strictObject({
  name: z.string().max(MAX_NAME_LENGTH).optional(),
  description: z.string().max(MAX_TEXT_LENGTH).optional(),
  labels: labels.default({}),
  externalData: z.string().max(MAX_TEXT_LENGTH).optional(),
  priority: z.int().min(0).max(9).default(4),
  prerequisiteJobIds: neutralOnly(
    z.array(z.string().nullable()).max(MAX_PREREQUISITES).nullish(),
    'a prerequisite',
    (ids) => (ids ?? []).every((id) => id === null || id.trim() === ''),
  ),
  delay: neutralOnly(z.int().min(0).optional(), 'a delay', (seconds) => (seconds ?? 0) === 0),
  onPrerequisiteFailure: z.enum(['fail', 'ignore', 'wait']).optional(),
  notBefore: neutralOnly(z.int().min(0).nullish(), 'notBefore', (time) => (time ?? 0) === 0),
  hold: z.boolean().default(false).describe('Stored, and not begun before it is resumed.'),
  expiry: neutralOnly(
    expiryPolicies.nullish(),
    'an expiry policy',
    (expiry) => Object.keys(expiry ?? {}).length === 0,
  ),
  batch: batchRequest.optional(),
  type: z.unknown().optional(),
  template: z.unknown().optional(),
  task: taskRequest.optional(),
  parameters: z.unknown().optional(),
  items: z.unknown().optional(),
});
type Members = z.output<typeof members>;

export const createJobBody = members.superRefine((body, context) => {
  for (const { path, message } of workProblems(body)) context.addIssue({ code: 'custom', path, message });
});
export type CreateJobBody = z.output<typeof createJobBody>;

function workProblems(body: Members): { path: string[]; message: string }[] {
  const forms = WORK_FORMS.filter((form) => body[form] !== undefined);
  const [form] = forms;
  if (form === undefined || forms.length > 1) {
    const got = forms.length === 0 ? 'none of them' : forms.join(' and ');
    return [{ path: [], message: `give exactly one of ${WORK_FORMS.join(', ')}; got ${got}` }];
  }
  if (!SUPPORTED_FORMS.includes(form)) {
    const supported = SUPPORTED_FORMS.join(' and ');
    return [{ path: [form], message: `only ${supported} are available in this version, not ${form}` }];
  }
  return Object.entries(FORM_MEMBERS).flatMap(([member, owners]) => {
    if (body[member as keyof typeof FORM_MEMBERS] === undefined || owners.some((owner) => owner === form)) {
      return [];
    }
    return [{ path: [member], message: `belongs to ${owners.join(' or ')}, not to ${form}` }];
  });
}
