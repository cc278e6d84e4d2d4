/**
 * The messages between the functions, one JSON object each. Workers in other languages speak them too
 * (docs/messages.md). Every reader checks a message here first. One that does not parse is never retried; one of a later
 * version is returned to its queue.
 */
import * as z from 'zod';
import { NewerVersion } from '#core/errors.ts';
import { MESSAGE_VERSION, OLDEST_MESSAGE_VERSION } from './message-version.ts';

/** Which creation of which job the message belongs to. */
const run = {
  v: z.number().int().min(OLDEST_MESSAGE_VERSION).max(MESSAGE_VERSION),
  partition: z.string().min(1),
  job: z.string().min(1),
  generation: z.number().int().positive(),
};
const count = z.number().int().nonnegative();
const path = z.string().regex(/^$|^\d+(\.\d+)*$/);

/** Counted operations that are billed, by kind; see `functions/core/meter.ts`. */
const operations = z.record(z.string(), z.number().nonnegative());

/** A batch to split: to the split queue. */
export const splitMessage = z.strictObject({
  ...run,
  kind: z.literal('split'),
  path,
  splitter: z.string(),
  /** Absent on the root: the definition then is the one of the job's request. */
  definition: z.unknown().optional(),
  /** The step that the batch belongs to, where the job runs a template. */
  step: z.string().optional(),
  /** Nodes of the steps before, where the splitter takes what they left. */
  inputs: z.array(count).optional(),
  /** Where a definition lies that is too large for a message. */
  definitionKey: z.string().optional(),
  /** The index of the first child that this message asks for; the cursor itself is kept by the fence. */
  from: count,
  /** Runs of the split function in this chain of messages; Lambda stops a chain at about 16. */
  hop: count,
  /** How often the dead-letter reader has sent it again. */
  redrives: count.optional(),
});
export type SplitMessage = z.infer<typeof splitMessage>;

/** A visit of a step begins, or goes on after silence: to the split queue, by the state machine of the job. */
export const stepMessage = z.strictObject({
  ...run,
  kind: z.literal('step'),
  step: z.string(),
  /** Nodes whose items the step takes: none at first, the one before, or those of the branches that it joins. */
  inputs: z.array(count),
  token: z.string(),
  /** Grows with each token that the state gives out for the visit. */
  tokenNumber: count,
  redrives: count.optional(),
});
export type StepMessage = z.infer<typeof stepMessage>;

const part = z.strictObject({
  type: z.enum(['BASE_PART', 'META']),
  filename: z.string(),
  mimeType: z.string(),
  key: z.string().optional(),
  url: z.string().optional(),
  sizeBytes: count.optional(),
  properties: z.record(z.string(), z.string()).optional(),
});
const item = z.strictObject({
  id: z.string(),
  payload: z.unknown().optional(),
  problem: z.string().optional(),
  tries: count.optional(),
  parts: z.array(part).readonly().optional(),
  indexData: z.record(z.string(), z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
});
const range = z.strictObject({ from: z.number().int(), step: z.number().int(), count });

/** What a step of a template asks of each item. */
const stepRules = z.strictObject({
  name: z.string(),
  inputMimeTypes: z.array(z.string()).readonly(),
  expectsNewPart: z.boolean(),
  marksSourceMeta: z.boolean(),
  takesFailed: z.boolean(),
});

/** Up to K items for a worker: to that worker's queue. Exactly one of items, range, itemsKey and sources. */
export const chunkMessage = z.strictObject({
  ...run,
  kind: z.literal('chunk'),
  path,
  index: count,
  worker: z.string(),
  /** Workers that the chunk passes through afterwards. */
  pipeline: z.array(z.string()).optional(),
  parameters: z.unknown().optional(),
  parametersKey: z.string().optional(),
  items: z.array(item).optional(),
  range: range.optional(),
  itemsKey: z.string().optional(),
  /** How many items lie at `itemsKey`. */
  itemsCount: count.optional(),
  /** Outcome objects of the step before, whose items these are; of a join, one for each branch. */
  sources: z.array(z.strictObject({ step: z.string(), key: z.string() })).optional(),
  /** Of a retry: where the runs before may have recorded this chunk, the newest first; and what is done again. */
  earlier: z.array(z.strictObject({ path, key: z.string(), isSettled: z.boolean() })).optional(),
  retryKey: z.string().optional(),
  step: stepRules.optional(),
  /** Items of a full chunk of this job. */
  itemsPerTask: z.number().int().positive(),
  maxAttempts: z.number().int().positive(),
  outcomes: z.enum(['all', 'failures']),
  /** Outcomes of the chunk's items that are final already, in place or at `doneKey`. */
  done: z.array(z.unknown()).optional(),
  doneKey: z.string().optional(),
  /** How many outcomes lie at `doneKey`. */
  doneCount: count.optional(),
  /** How many of those, the first ones, a retry took over: no worker of the pipeline does them again. */
  takenOver: count.optional(),
  /** How often the worker sent it to itself again: to retry items, or to go on after its time was up. */
  hop: count,
  /** How often workers earlier in the pipeline ran it, by name: a worker may stand in it twice. */
  ran: z.record(z.string(), count).optional(),
  redrives: count.optional(),
});
export type ChunkMessage = z.infer<typeof chunkMessage>;

const failure = z.strictObject({
  failureId: z.string(),
  failureTime: z.number().int(),
  failureSource: z.string(),
  failureMessage: z.string(),
  code: z.string(),
  attempts: count,
  stack: z.string().optional(),
});

/** What a worker did in one invocation for one job: to the reports queue. */
export const reportMessage = z.strictObject({
  ...run,
  kind: z.literal('report'),
  itemsPerTask: z.number().int().positive(),
  /** By node: `d` chunks whose full count of items succeeded, `x` the others as [index, items, failed, skipped]. */
  nodes: z.array(
    z.strictObject({ path, d: z.array(count), x: z.array(z.tuple([count, count, count, count])) }),
  ),
  failures: z.array(failure).optional(),
  /** Chunks for the next worker of their pipeline; the tracker routes them. */
  forward: z.array(chunkMessage).optional(),
  /** Outcome codes that the worker set, by node. */
  exits: z.array(z.strictObject({ path, codes: z.array(z.string()) })).optional(),
  operations: operations.optional(),
});
export type ReportMessage = z.infer<typeof reportMessage>;

/** The node has this many children and will have no more: to the results queue, after the last child was sent. */
const sealMessage = z.strictObject({
  ...run,
  kind: z.literal('seal'),
  path,
  children: count,
  itemsPerTask: z.number().int().positive(),
  /** What is to be counted with it: items among the children, and what the batches among them weigh. */
  found: z.strictObject({ items: count, batches: count }).optional(),
  operations: operations.optional(),
});
export type SealMessage = z.infer<typeof sealMessage>;

/** The text of an update is at most so long. */
export const MAX_NOTE_CHARACTERS = 200;

/** How far a chunk is that takes long: to the reports queue. It moves the percent and the note, and completes nothing. */
const progressMessage = z.strictObject({
  ...run,
  kind: z.literal('progress'),
  path,
  index: count,
  /** Of the chunk, those that are final included. */
  items: z.number().int().positive(),
  fraction: z.number().min(0).max(1),
  note: z.string().max(MAX_NOTE_CHARACTERS).optional(),
});
export type ProgressMessage = z.infer<typeof progressMessage>;

/** Messages of a job that is paused, for the tracker to keep: chunks to the reports queue, others to the results queue. */
const heldMessage = z.strictObject({
  ...run,
  kind: z.literal('held'),
  /** Where they go when the job is resumed: `split`, `results` or `worker:<name>`. */
  queue: z.union([z.literal('split'), z.literal('results'), z.templateLiteral(['worker:', z.string()])]),
  bodies: z.array(z.string()),
});
export type HeldMessage = z.infer<typeof heldMessage>;

/** The job has to look whether it may start now: to the results queue, with a delay. */
const wakeMessage = z.strictObject({ ...run, kind: z.literal('wake') });
export type WakeMessage = z.infer<typeof wakeMessage>;

/** The flow of a job has come to its end: to the results queue, by its state machine. */
const flowMessage = z.strictObject({
  ...run,
  kind: z.literal('flow'),
  outcome: z.enum(['done', 'failed']),
  /** As Step Functions says it: step-failed and max-visits are ours, and their cause is the step. */
  error: z.object({ Error: z.string(), Cause: z.string() }).optional(),
});
export type FlowMessage = z.infer<typeof flowMessage>;

export const resultsMessage = z.discriminatedUnion('kind', [
  reportMessage,
  sealMessage,
  progressMessage,
  heldMessage,
  wakeMessage,
  flowMessage,
]);
export type ResultsMessage = z.infer<typeof resultsMessage>;

/** Kinds that workers send, to the reports queue. Only the service itself sends the others. */
export const WORKER_KINDS: readonly ResultsMessage['kind'][] = ['report', 'progress', 'held'];

/** The parsed message, or the reason why it is none. Throws `NewerVersion` for a message of a later release. */
export function parseMessage<T>(
  schema: z.ZodType<T>,
  body: string,
): { ok: true; message: T } | { ok: false; reason: string } {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    return { ok: false, reason: `not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const { v } = Object(value) as { v?: unknown };
  if (typeof v === 'number' && Number.isInteger(v) && v > MESSAGE_VERSION) {
    throw new NewerVersion(
      `a message of version ${v}; this release reads versions ${OLDEST_MESSAGE_VERSION} to ${MESSAGE_VERSION}. ` +
        'It is returned to its queue until the function is updated',
    );
  }
  const parsed = schema.safeParse(value);
  return parsed.success
    ? { ok: true, message: parsed.data }
    : { ok: false, reason: z.prettifyError(parsed.error) };
}
