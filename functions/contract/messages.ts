/**
 * The messages between functions, each one JSON object. Workers in other languages use them too
 * (docs/reference/messages.md). Every reader validates a message here first. A message that does not parse is never
 * retried; a message of a later version is returned to its queue.
 */

import * as z from 'zod';
import { MESSAGE_VERSION, OLDEST_MESSAGE_VERSION } from './message-version.ts';

/** Identifies the run that the message belongs to. */
const run = {
  v: z.number().int().min(OLDEST_MESSAGE_VERSION).max(MESSAGE_VERSION),
  partition: z.string().min(1),
  job: z.string().min(1),
  runNumber: z.number().int().positive(),
};
const count = z.number().int().nonnegative();
const path = z.string().regex(/^$|^\d+(\.\d+)*$/);

/** Billed operations by kind; see `functions/core/meter.ts`. */
const operations = z.record(z.string(), z.number().nonnegative());

/** A batch to split: to the split queue. */
export const splitMessage = z.strictObject({
  ...run,
  kind: z.literal('split'),
  path,
  splitter: z.string(),
  /** Absent on the root, whose definition is in the job's request. */
  definition: z.unknown().optional(),
  /** The step of the batch, if the job runs a template. */
  step: z.string().optional(),
  /** Nodes of the previous steps, if the splitter takes their outcomes. */
  inputs: z.array(count).optional(),
  /** Key of a definition that is too large for a message. */
  definitionKey: z.string().optional(),
  /** Index of the first child that this message requests. The fence stores the cursor itself. */
  from: count,
  /** Number of invocations in this chain of messages. Lambda stops a chain at about 16. */
  hop: count,
  /** Number of times that the dead-letter reader has sent it again. */
  redrives: count.optional(),
});
export type SplitMessage = z.infer<typeof splitMessage>;

/**
 * Begins a visit of a step, or resends it after a timeout: to the split queue, by the state machine of the
 * job.
 */
export const stepMessage = z.strictObject({
  ...run,
  kind: z.literal('step'),
  step: z.string(),
  /** Nodes from which the step takes items: none for the first step, one for the next, several for a join. */
  inputs: z.array(count),
  token: z.string(),
  /** Increases with each token that the state issues for the visit. */
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
  note: z.string().optional(),
  indexData: z.record(z.string(), z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
});
/** The items of a chunk in an object. Members of later releases are kept. */
export const storedItems = z.array(z.looseObject(item.shape));
export const numberRange = z.strictObject({ from: z.number().int(), step: z.number().int(), count });

/** Location of the outcomes of a chunk: a range of bytes of an object. */
const outcomeRange = { key: z.string(), from: count, to: count };
export const stepSource = z.strictObject({ step: z.string(), ...outcomeRange });

/** Rules of a template's step for each item. */
const stepRules = z.strictObject({
  name: z.string(),
  inputMimeTypes: z.array(z.string()).readonly(),
  onNoParts: z.enum(['note', 'fail']).optional(),
  expectsNewPart: z.boolean(),
  marksSourceMeta: z.boolean(),
  takesFailed: z.boolean(),
});

/**
 * Up to K items for a worker: to that worker's queue. It has exactly one of items, range, itemsKey and
 * sources.
 */
export const chunkMessage = z.strictObject({
  ...run,
  kind: z.literal('chunk'),
  path,
  index: count,
  worker: z.string(),
  /** Workers that process the chunk afterwards, in order. */
  pipeline: z.array(z.string()).optional(),
  parameters: z.unknown().optional(),
  parametersKey: z.string().optional(),
  items: z.array(item).optional(),
  range: numberRange.optional(),
  itemsKey: z.string().optional(),
  /** Number of items at `itemsKey`. */
  itemsCount: count.optional(),
  /** Outcomes of the previous step that contain the items; for a join, those of each branch. */
  sources: z.array(stepSource).optional(),
  /**
   * Set on a retry: the outcomes of this chunk in the newest earlier run that recorded it. The retry itself is at
   * `retryKey`.
   */
  earlier: z.array(z.strictObject({ path, ...outcomeRange, isSettled: z.boolean() })).optional(),
  retryKey: z.string().optional(),
  step: stepRules.optional(),
  /** Number of items in a full chunk of this job. */
  itemsPerTask: z.number().int().positive(),
  maxAttempts: z.number().int().positive(),
  outcomes: z.enum(['all', 'failures']),
  /** Outcomes of items of the chunk that are already final, inline or at `doneKey`. */
  done: z.array(z.unknown()).optional(),
  doneKey: z.string().optional(),
  /** Number of outcomes at `doneKey`. */
  doneCount: count.optional(),
  /**
   * Number of those outcomes, from the start, that a retry took over. No worker of the pipeline processes
   * them again.
   */
  takenOver: count.optional(),
  /**
   * Number of times that the worker sent it to its own queue again: to retry items, or to continue after its
   * time was up.
   */
  hop: count,
  /** Number of runs by earlier workers of the pipeline, by name. A pipeline can contain a worker twice. */
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

/** Maximum number of different outcome codes of a chunk. */
export const MAX_CHUNK_CODES = 32;

/** The outcomes of a chunk: one JSON object on each line, gzipped if that is much shorter. */
const chunkOutcomes = z.strictObject({
  path,
  index: count,
  /** The lines, or their gzipped form in base64. */
  data: z.string().optional(),
  /** Number of bytes in the object `outcomesIn`. Either this or `data` is present. */
  bytes: count.optional(),
  /** Outcome codes that the worker set, if the job runs a template. */
  codes: z
    .array(z.string().regex(/^[A-Z][A-Z0-9_]{0,31}$/))
    .max(MAX_CHUNK_CODES)
    .optional(),
});
const blockName = z.string().regex(/^[0-9a-z]{1,32}$/);

/** Result of one worker invocation for one job: to the reports queue. */
export const reportMessage = z.strictObject({
  ...run,
  kind: z.literal('report'),
  itemsPerTask: z.number().int().positive(),
  /**
   * Chunks by node: `d` are those whose full count of items succeeded, `x` the others as [index, items,
   * failed, skipped].
   */
  nodes: z.array(
    z.strictObject({ path, d: z.array(count), x: z.array(z.tuple([count, count, count, count])) }),
  ),
  failures: z.array(failure).optional(),
  /** Chunks for the next worker of their pipeline, which the tracker sends. */
  forward: z.array(chunkMessage).optional(),
  /** Outcomes of the chunks among `nodes` that keep them. */
  outcomes: z.array(chunkOutcomes).optional(),
  /** Name of the object with the outcomes that have `bytes`, one chunk after the other. */
  outcomesIn: blockName.optional(),
  operations: operations.optional(),
});
export type ReportMessage = z.infer<typeof reportMessage>;

/** The final number of children of a node: to the results queue, after the last child was sent. */
const sealMessage = z.strictObject({
  ...run,
  kind: z.literal('seal'),
  path,
  children: count,
  itemsPerTask: z.number().int().positive(),
  /**
   * Counts that are added with the seal: items among the children, and the weight of the batches among them.
   */
  found: z.strictObject({ items: count, batches: count }).optional(),
  operations: operations.optional(),
});
export type SealMessage = z.infer<typeof sealMessage>;

/** Maximum length of the note of an update. */
export const MAX_NOTE_CHARACTERS = 200;

/**
 * Progress of a long-running chunk: to the reports queue. It updates the percentage and the note, and
 * completes nothing.
 */
const progressMessage = z.strictObject({
  ...run,
  kind: z.literal('progress'),
  path,
  index: count,
  /** Number of items of the chunk, including those that are final. */
  items: z.number().int().positive(),
  fraction: z.number().min(0).max(1),
  note: z.string().max(MAX_NOTE_CHARACTERS).optional(),
});
export type ProgressMessage = z.infer<typeof progressMessage>;

/**
 * Messages of a paused job, which the tracker stores: chunks to the reports queue, others to the results
 * queue.
 */
const heldMessage = z.strictObject({
  ...run,
  kind: z.literal('held'),
  /** Queue that receives them when the job is resumed: `split`, `results` or `worker:<name>`. */
  queue: z.union([z.literal('split'), z.literal('results'), z.templateLiteral(['worker:', z.string()])]),
  bodies: z.array(z.string()),
});
export type HeldMessage = z.infer<typeof heldMessage>;

/** Requests a check of whether the job can start: to the results queue, with a delay. */
const wakeMessage = z.strictObject({ ...run, kind: z.literal('wake') });
export type WakeMessage = z.infer<typeof wakeMessage>;

/** The end of a job's flow: to the results queue, by its state machine. */
const flowMessage = z.strictObject({
  ...run,
  kind: z.literal('flow'),
  outcome: z.enum(['done', 'failed']),
  /**
   * The error from Step Functions. step-failed and max-visits are jobtree's own errors, with the step as
   * their cause.
   */
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
