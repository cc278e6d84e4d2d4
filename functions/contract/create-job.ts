/** The request body that creates a job. */
import * as z from 'zod';
import { LABEL_KEY, LABEL_KEY_RULE } from '#core/label.ts';
import { PREREQUISITE_FAILURE_POLICIES } from '#core/prerequisites.ts';
import { expiryPolicies } from './expiry.ts';
import { idMember } from './id-member.ts';
import { PREREQUISITE_PATTERN } from './ids.ts';
import { itemFailurePolicy } from './item-failure-policy.ts';
import { itemsPerTask } from './quantities.ts';
import { requestedItems } from './requested-items.ts';
import { taskRequest } from './task-request.ts';

const MAX_NAME_LENGTH = 255;
/**
 * Strings are stored in the job row, and a list reads a thousand rows. A row must stay far below DynamoDB's
 * 400 KB.
 */
const MAX_TEXT_LENGTH = 10_000;
export const MAX_LABELS = 100;
const MAX_LABEL_LENGTH = 255;
/** Each prerequisite is a write in the transaction that creates the job, and DynamoDB allows 100. */
const MAX_PREREQUISITES = 90;
const MAX_PREREQUISITE_LENGTH = 100;
const MAX_DELAY_SECONDS = 366 * 24 * 60 * 60;
/** The end of the year 9999, in milliseconds since 1970. */
const LAST_TIME = 253_402_300_799_999;
export const MAX_PIPELINE_WORKERS = 10;
export const DEFAULT_PRIORITY = 4;

/** Removes null and blank entries, which clients send and which have no meaning. */
export function nonBlankIds(ids: readonly (string | null)[]): string[] {
  return ids.filter((id) => id !== null).filter((id) => id.trim() !== '');
}

export const labelKey = z.string().max(MAX_LABEL_LENGTH).regex(LABEL_KEY, LABEL_KEY_RULE);
export const labelValue = z.string().max(MAX_LABEL_LENGTH);

export const jobLabels = z
  .record(labelKey, labelValue)
  .refine((map) => Object.keys(map).length <= MAX_LABELS, `at most ${MAX_LABELS} labels are allowed`)
  .meta({ maxProperties: MAX_LABELS });

export const priority = z.int().min(0).max(9);

/** Name of a splitter or worker; the registry lists the valid ones. */
const registeredName = z.string().min(1).max(100);

export const batchRequest = z
  .strictObject({
    splitter: registeredName,
    definition: z
      .unknown()
      .describe('The input to split. It must match the schema of the splitter (GET /splitters).'),
    worker: registeredName,
    parameters: z
      .unknown()
      .optional()
      .describe('Parameters of the worker. They must match its schema (GET /workers).'),
    pipeline: z
      .array(registeredName)
      .max(MAX_PIPELINE_WORKERS)
      .default([])
      .describe('Workers that process each chunk afterwards, in order.'),
    itemsPerTask: itemsPerTask.describe(
      'Items of a chunk. Default: `itemsPerTask` of the worker (GET /workers).',
    ),
    onItemFailure: itemFailurePolicy.default('failIfNoneSucceed'),
    maxAttempts: z.int().min(1).max(10).default(3),
    outcomes: z
      .enum(['all', 'failures'])
      .default('all')
      .describe('failures stores only the outcomes of chunks in which an item failed.'),
  })
  .meta({ id: 'BatchRequest' });
export type BatchRequest = z.output<typeof batchRequest>;

/** The forms in which a body can describe its work. */
const WORK_FORMS = ['batch', 'type', 'template', 'task'] as const;
type WorkForm = (typeof WORK_FORMS)[number];

/** Members that are valid only with these forms. */
const FORM_MEMBERS = { parameters: ['type', 'template'], items: ['template'] } as const satisfies Record<
  string,
  readonly WorkForm[]
>;

const templateReference = idMember('template').optional();

export const jobMembers = z.strictObject({
  name: z.string().max(MAX_NAME_LENGTH).optional(),
  description: z.string().max(MAX_TEXT_LENGTH).optional(),
  labels: jobLabels.default({}),
  externalData: z.string().max(MAX_TEXT_LENGTH).optional(),
  priority: priority.default(DEFAULT_PRIORITY),
  prerequisiteJobIds: z
    .array(z.string().max(MAX_PREREQUISITE_LENGTH).meta({ pattern: PREREQUISITE_PATTERN }).nullable())
    .refine(
      (ids) => nonBlankIds(ids).length <= MAX_PREREQUISITES,
      `at most ${MAX_PREREQUISITES} prerequisites are allowed`,
    )
    .nullish()
    .describe(
      'Ids of jobs in the partition that must be Completed first. "<id>,pc" also counts as completed if the job does not exist.',
    ),
  delay: z
    .int()
    .min(0)
    .max(MAX_DELAY_SECONDS)
    .default(0)
    .describe(
      'Seconds to wait after the last prerequisite has completed or, without prerequisites, after the creation.',
    ),
  onPrerequisiteFailure: z
    .enum(PREREQUISITE_FAILURE_POLICIES)
    .default('fail')
    .describe(
      'The reaction to a prerequisite that does not complete: fail, ignore it, or wait until it completes.',
    ),
  notBefore: z.int().min(0).max(LAST_TIME).nullish().describe('Earliest start, in milliseconds since 1970.'),
  hold: z.boolean().default(false).describe('True to create the job paused. It starts when it is resumed.'),
  expiry: expiryPolicies.nullish(),
  batch: batchRequest.optional(),
  type: idMember('jobType')
    .optional()
    .describe('A job type (GET /job-types), whose mapping creates the work from `parameters`.'),
  template: templateReference.describe('A template (GET /templates), whose steps process `items`.'),
  task: taskRequest.optional(),
  parameters: z
    .unknown()
    .optional()
    .describe('Parameters of the job type or template. They must match its parametersSchema.'),
  items: requestedItems.optional().describe('Items for the first step of the template.'),
});
type Members = z.output<typeof jobMembers>;

export const createJobBody = jobMembers
  .superRefine((body, context) => {
    for (const { path, message } of workProblems(body)) context.addIssue({ code: 'custom', path, message });
  })
  .meta({
    id: 'JobRequest',
    description: 'The work is described by exactly one of batch, type, template and task.',
    oneOf: WORK_FORMS.map((form) => ({ required: [form] })),
    dependentSchemas: Object.fromEntries(
      Object.entries(FORM_MEMBERS).map(([member, owners]) => [
        member,
        { anyOf: owners.map((owner) => ({ required: [owner] })) },
      ]),
    ),
    examples: [
      {
        name: 'A thousand numbers',
        labels: { owner: 'bob' },
        batch: {
          splitter: 'range',
          definition: { from: 0, to: 1000 },
          worker: 'rehearse',
          parameters: { failEvery: 100 },
          itemsPerTask: 25,
        },
      },
      { type: 'extract-folder', parameters: { prefix: 'data/p1/' }, priority: 7 },
    ],
  });
export type CreateJobBody = z.output<typeof createJobBody>;

function workProblems(body: Members): Problem[] {
  const forms = WORK_FORMS.filter((form) => body[form] !== undefined);
  const problems = formProblems(forms, WORK_FORMS);
  if (problems.length > 0) return problems;
  const [form] = forms;
  return Object.entries(FORM_MEMBERS).flatMap(([member, owners]) => {
    if (body[member as keyof typeof FORM_MEMBERS] === undefined || owners.some((owner) => owner === form)) {
      return [];
    }
    return [{ path: [member], message: `belongs to ${owners.join(' or ')}, not to ${form}` }];
  });
}

interface Problem {
  readonly path: string[];
  readonly message: string;
}

/** Checks that exactly one form is given. */
function formProblems(givenForms: readonly WorkForm[], allowed: readonly WorkForm[]): Problem[] {
  if (givenForms.length === 1) return [];
  const received = givenForms.length === 0 ? 'none of them' : givenForms.join(' and ');
  return [{ path: [], message: `give exactly one of ${allowed.join(', ')}; got ${received}` }];
}

/** The forms that the mapping of a job type may return. */
const MAPPED_FORMS: readonly WorkForm[] = ['batch', 'template', 'task'];

/** The result of a job type's mapping. */
export const mappedWork = z
  .strictObject({
    batch: batchRequest.optional(),
    template: templateReference,
    parameters: z.unknown().optional(),
    items: requestedItems.optional(),
    task: taskRequest.optional(),
    priority: priority.optional(),
    labels: jobLabels.default({}),
  })
  .superRefine((work, context) => {
    const forms = MAPPED_FORMS.filter((form) => work[form as keyof typeof work] !== undefined);
    for (const { path, message } of formProblems(forms, MAPPED_FORMS)) {
      context.addIssue({ code: 'custom', path, message });
    }
  });
export type MappedWork = z.output<typeof mappedWork>;
