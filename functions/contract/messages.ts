/**
 * The messages between functions, each one JSON object. Workers in other languages use them too
 * (docs/reference/messages.md). Every reader validates a message here first. A message that does not parse is never
 * retried; a message of a later version is returned to its queue.
 */

import * as v from 'valibot';
import { MAX_SLOWEST } from '#core/slowest.ts';
import { failureEntries } from './failure-entries.ts';
import { count, integer, positiveCount } from './integers.ts';
import { MAX_CHUNK_CODES, MAX_NOTE_CHARACTERS, OUTCOME_CODE } from './message-limits.ts';
import { MESSAGE_VERSION, OLDEST_MESSAGE_VERSION } from './message-version.ts';

/** Identifies the run that the message belongs to. */
const run = {
  v: v.pipe(integer, v.minValue(OLDEST_MESSAGE_VERSION), v.maxValue(MESSAGE_VERSION)),
  partition: v.pipe(v.string(), v.nonEmpty()),
  job: v.pipe(v.string(), v.nonEmpty()),
  runNumber: positiveCount,
};
const path = v.pipe(v.string(), v.regex(/^$|^\d+(\.\d+)*$/));

/** Billed operations by kind; see `functions/core/meter.ts`. */
const operations = v.record(v.string(), v.pipe(v.number(), v.minValue(0)));

/** A batch to split: to the split queue. */
export const splitMessage = v.strictObject({
  ...run,
  kind: v.literal('split'),
  path,
  splitter: v.string(),
  /** Absent on the root, whose definition is in the job's request. */
  definition: v.optional(v.unknown()),
  /** The step of the batch, if the job runs a template. */
  step: v.optional(v.string()),
  /** Nodes of the previous steps, if the splitter takes their outcomes. */
  inputs: v.optional(v.array(count)),
  /** Key of a definition that is too large for a message. */
  definitionKey: v.optional(v.string()),
  /** Index of the first child that this message requests. The fence stores the cursor itself. */
  from: count,
  /** Number of invocations in this chain of messages. Lambda stops a chain at about 16. */
  hop: count,
  /** Number of times that the dead-letter reader has sent it again. */
  redrives: v.optional(count),
});
export type SplitMessage = v.InferOutput<typeof splitMessage>;

/**
 * Begins a visit of a step, or resends it after a timeout: to the split queue, by the state machine of the
 * job.
 */
export const stepMessage = v.strictObject({
  ...run,
  kind: v.literal('step'),
  step: v.string(),
  /** Nodes from which the step takes items: none for the first step, one for the next, several for a join. */
  inputs: v.array(count),
  token: v.string(),
  /** Increases with each token that the state issues for the visit. */
  tokenNumber: count,
  redrives: v.optional(count),
});
export type StepMessage = v.InferOutput<typeof stepMessage>;

const part = v.strictObject({
  type: v.picklist(['BASE_PART', 'META']),
  filename: v.string(),
  mimeType: v.string(),
  key: v.optional(v.string()),
  url: v.optional(v.string()),
  sizeBytes: v.optional(count),
  properties: v.optional(v.record(v.string(), v.string())),
});
const item = v.strictObject({
  id: v.string(),
  payload: v.optional(v.unknown()),
  problem: v.optional(v.string()),
  tries: v.optional(count),
  parts: v.optional(v.pipe(v.array(part), v.readonly())),
  note: v.optional(v.string()),
  indexData: v.optional(v.record(v.string(), v.unknown())),
  properties: v.optional(v.record(v.string(), v.unknown())),
});
/** The items of a chunk in an object. Members of later releases are kept. */
export const storedItems = v.array(v.looseObject(item.entries));
const range = v.strictObject({ from: integer, step: integer, count });

/** Location of the outcomes of a chunk: a range of bytes of an object. */
const outcomeRange = { key: v.string(), from: count, to: count };

/** Rules of a template's step for each item. */
const stepRules = v.strictObject({
  name: v.string(),
  inputMimeTypes: v.pipe(v.array(v.string()), v.readonly()),
  onNoParts: v.optional(v.picklist(['note', 'fail'])),
  expectsNewPart: v.boolean(),
  marksSourceMeta: v.boolean(),
  takesFailed: v.boolean(),
});

/**
 * Up to K items for a worker: to that worker's queue. It has exactly one of items, range, itemsKey and
 * sources.
 */
export const chunkMessage = v.strictObject({
  ...run,
  kind: v.literal('chunk'),
  path,
  index: count,
  worker: v.string(),
  /** Workers that process the chunk afterwards, in order. */
  pipeline: v.optional(v.array(v.string())),
  parameters: v.optional(v.unknown()),
  parametersKey: v.optional(v.string()),
  items: v.optional(v.array(item)),
  range: v.optional(range),
  itemsKey: v.optional(v.string()),
  /** Number of items at `itemsKey`. */
  itemsCount: v.optional(count),
  /** Outcomes of the previous step that contain the items; for a join, those of each branch. */
  sources: v.optional(v.array(v.strictObject({ step: v.string(), ...outcomeRange }))),
  /**
   * Set on a retry: the outcomes of this chunk in the newest earlier run that recorded it. The retry itself is at
   * `retryKey`.
   */
  earlier: v.optional(v.array(v.strictObject({ path, ...outcomeRange, isSettled: v.boolean() }))),
  retryKey: v.optional(v.string()),
  step: v.optional(stepRules),
  /** Number of items in a full chunk of this job. */
  itemsPerTask: positiveCount,
  maxAttempts: positiveCount,
  outcomes: v.picklist(['all', 'failures']),
  /** Outcomes of items of the chunk that are already final, inline or at `doneKey`. */
  done: v.optional(v.array(v.unknown())),
  doneKey: v.optional(v.string()),
  /** Number of outcomes at `doneKey`. */
  doneCount: v.optional(count),
  /**
   * Number of those outcomes, from the start, that a retry took over. No worker of the pipeline processes
   * them again.
   */
  takenOver: v.optional(count),
  /**
   * Number of times that the worker sent it to its own queue again: to retry items, or to continue after its
   * time was up.
   */
  hop: count,
  /** Time that its items have run so far, in milliseconds. */
  ranMillis: v.optional(count),
  /** Number of runs by earlier workers of the pipeline, by name. A pipeline can contain a worker twice. */
  ran: v.optional(v.record(v.string(), count)),
  redrives: v.optional(count),
});
export type ChunkMessage = v.InferOutput<typeof chunkMessage>;

const failure = v.strictObject(failureEntries);

/** The outcomes of a chunk: one JSON object on each line, gzipped if that is much shorter. */
const chunkOutcomes = v.strictObject({
  path,
  index: count,
  /** The lines, or their gzipped form in base64. */
  data: v.optional(v.string()),
  /** Number of bytes in the object `outcomesIn`. Either this or `data` is present. */
  bytes: v.optional(count),
  /** Outcome codes that the worker set, if the job runs a template. */
  codes: v.optional(v.pipe(v.array(v.pipe(v.string(), v.regex(OUTCOME_CODE))), v.maxLength(MAX_CHUNK_CODES))),
});
const blockName = v.pipe(v.string(), v.regex(/^[0-9a-z]{1,32}$/));

/** Result of one worker invocation for one job: to the reports queue. */
export const reportMessage = v.strictObject({
  ...run,
  kind: v.literal('report'),
  itemsPerTask: positiveCount,
  /**
   * Chunks by node: `d` are those whose full count of items succeeded, `x` the others as [index, items,
   * failed, skipped].
   */
  nodes: v.array(
    v.strictObject({ path, d: v.array(count), x: v.array(v.strictTuple([count, count, count, count])) }),
  ),
  failures: v.optional(v.array(failure)),
  /** Chunks for the next worker of their pipeline, which the tracker sends. */
  forward: v.optional(v.array(chunkMessage)),
  /** Outcomes of the chunks among `nodes` that keep them. */
  outcomes: v.optional(v.array(chunkOutcomes)),
  /** Name of the object with the outcomes that have `bytes`, one chunk after the other. */
  outcomesIn: v.optional(blockName),
  /** Position in the tree and milliseconds of the slowest chunks among `nodes`. */
  slowest: v.optional(v.pipe(v.array(v.strictTuple([path, count])), v.maxLength(MAX_SLOWEST))),
  operations: v.optional(operations),
});
export type ReportMessage = v.InferOutput<typeof reportMessage>;

/** The final number of children of a node: to the results queue, after the last child was sent. */
const sealMessage = v.strictObject({
  ...run,
  kind: v.literal('seal'),
  path,
  children: count,
  itemsPerTask: positiveCount,
  /**
   * Counts that are added with the seal: items among the children, and the weight of the batches among them.
   */
  found: v.optional(v.strictObject({ items: count, batches: count })),
  operations: v.optional(operations),
});
export type SealMessage = v.InferOutput<typeof sealMessage>;

/**
 * Progress of a long-running chunk: to the reports queue. It updates the percentage and the note, and
 * completes nothing.
 */
const progressMessage = v.strictObject({
  ...run,
  kind: v.literal('progress'),
  path,
  index: count,
  /** Number of items of the chunk, including those that are final. */
  items: positiveCount,
  fraction: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  note: v.optional(v.pipe(v.string(), v.maxLength(MAX_NOTE_CHARACTERS))),
});
export type ProgressMessage = v.InferOutput<typeof progressMessage>;

const workerQueue = v.custom<`worker:${string}`>(
  (queue) => typeof queue === 'string' && queue.startsWith('worker:'),
  'must be split, results or worker:<name>',
);

/**
 * Messages of a paused job, which the tracker stores: chunks to the reports queue, others to the results
 * queue.
 */
const heldMessage = v.strictObject({
  ...run,
  kind: v.literal('held'),
  /** Queue that receives them when the job is resumed: `split`, `results` or `worker:<name>`. */
  queue: v.union([v.picklist(['split', 'results']), workerQueue]),
  bodies: v.array(v.string()),
});
export type HeldMessage = v.InferOutput<typeof heldMessage>;

/** Requests a check of whether the job can start: to the results queue, with a delay. */
const wakeMessage = v.strictObject({ ...run, kind: v.literal('wake') });
export type WakeMessage = v.InferOutput<typeof wakeMessage>;

/** The end of a job's flow: to the results queue, by its state machine. */
const flowMessage = v.strictObject({
  ...run,
  kind: v.literal('flow'),
  outcome: v.picklist(['done', 'failed']),
  /**
   * The error from Step Functions. step-failed and max-visits are jobtree's own errors, with the step as
   * their cause.
   */
  error: v.optional(v.object({ Error: v.string(), Cause: v.string() })),
});
export type FlowMessage = v.InferOutput<typeof flowMessage>;

export const resultsMessage = v.variant('kind', [
  reportMessage,
  sealMessage,
  progressMessage,
  heldMessage,
  wakeMessage,
  flowMessage,
]);
export type ResultsMessage = v.InferOutput<typeof resultsMessage>;

/** Kinds that workers send, to the reports queue. Only the service itself sends the others. */
export const WORKER_KINDS: readonly ResultsMessage['kind'][] = ['report', 'progress', 'held'];
