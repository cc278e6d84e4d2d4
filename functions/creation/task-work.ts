/** Translates a task of a CAF client into a batch: of one item, or of the parts that the pipe `batch` splits. */
import { type BatchRequest, batchRequest } from '#contract/create-job.ts';
import { refusal } from '#contract/problem.ts';
import { batchTaskData, type TaskRequest } from '#contract/task-request.ts';
import { type BatchLocations, checkBatch } from './check-batch.ts';
import { coerceTexts } from './coerce.ts';
import { jsonFault, jsonPointer } from './inspect-json.ts';
import type { BatchDeployment, Registry } from './registry.ts';
import { invalidBody } from './wrong-input.ts';

/** The pipe that splits a task into items. */
const BATCH_PIPE = 'batch';

const DATA = ['task', 'taskData'] as const;
const PIPE = ['task', 'taskPipe'] as const;

const ITEM_TASK_LOCATIONS: BatchLocations = {
  splitter: PIPE,
  definition: DATA,
  worker: PIPE,
  parameters: PIPE,
  pipeline: PIPE,
};

const BATCH_TASK_LOCATIONS: BatchLocations = {
  splitter: [...DATA, 'batchType'],
  definition: [...DATA, 'batchDefinition'],
  worker: [...DATA, 'targetPipe'],
  parameters: [...DATA, 'taskMessageParams'],
  pipeline: DATA,
};

/** Returns the batch of a task. Refuses unknown names and invalid input, with their location in the body. */
export function translateTask(task: TaskRequest, deployment: BatchDeployment): BatchRequest {
  const { registry } = deployment;
  const target = nameOfPipe(task.taskPipe, [BATCH_PIPE, ...workerNames(registry)]);
  const isBatch = target === BATCH_PIPE;
  const batch = isBatch ? splitTask(task, registry) : itemTask(task, target);
  checkBatch(batch, deployment, isBatch ? BATCH_TASK_LOCATIONS : ITEM_TASK_LOCATIONS);
  return batch;
}

function itemTask(task: TaskRequest, worker: string): BatchRequest {
  return batchRequest.parse({
    splitter: 'items',
    definition: { items: [decodedData(task)] },
    worker,
    parameters: {},
    onItemFailure: 'failAtEnd',
  });
}

function splitTask(task: TaskRequest, registry: Registry): BatchRequest {
  const data = decodedData(task);
  const parsed = batchTaskData.safeParse(typeof data === 'string' ? parseJson(data, DATA) : data);
  if (!parsed.success) throw invalidBody(parsed.error.issues, DATA);
  const { batchDefinition, batchType, targetPipe, taskMessageParams } = parsed.data;
  const worker = nameOfPipe(targetPipe, workerNames(registry));
  const schema = registry.workers.find(({ name }) => name === worker)?.parameters ?? {};
  return batchRequest.parse({
    splitter: batchType,
    definition: parseJson(batchDefinition, BATCH_TASK_LOCATIONS.definition),
    worker,
    parameters: coerceTexts(schema, taskMessageParams ?? {}),
    onItemFailure: 'failAtEnd',
  });
}

function decodedData({ taskData, taskDataEncoding }: TaskRequest): unknown {
  if (typeof taskData !== 'string' || taskDataEncoding !== 'base64') return taskData;
  const decoded = decodeBase64(taskData);
  if (decoded !== undefined) return decoded;
  throw wrong(
    DATA,
    'is not UTF-8 text in base64, which taskDataEncoding announces; encode it or leave taskDataEncoding out',
  );
}

/** Decodes base64 of either alphabet, with or without line breaks. Returns `undefined` if it is not UTF-8. */
function decodeBase64(encoded: string): string | undefined {
  const plain = encoded.replace(/\s+/g, '');
  if (!/^[\w+/-]+={0,2}$/.test(plain)) return undefined;
  const bytes = Buffer.from(plain, 'base64');
  try {
    return bytes.length === 0 ? undefined : new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Returns the value of JSON, checked by the rules for request bodies. Returns any other string unchanged. */
function parseJson(text: string, at: readonly string[]): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  const fault = jsonFault(text);
  if (fault !== undefined) throw wrong(at, `contains JSON in which ${fault.pointer || 'it'} ${fault.detail}`);
  return value;
}

function wrong(at: readonly string[], detail: string) {
  const pointer = jsonPointer(at);
  return refusal('invalid-request', `${pointer} ${detail}`, { errors: [{ pointer, detail }] });
}

function workerNames({ workers }: Registry): string[] {
  return workers.map(({ name }) => name);
}

/** Returns the deployed name that a pipe refers to, or the pipe itself if there is none. */
function nameOfPipe(pipe: string, names: readonly string[]): string {
  return namesOf(pipe).find((name) => names.includes(name)) ?? pipe;
}

/**
 * Returns the names that a pipe may refer to, most likely first. CAF workers have queues such as
 * `dataprocessing-langdetect-in`: the name follows one word and precedes `in`, in any case and with any separators.
 */
function namesOf(pipe: string): string[] {
  const words = pipe
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  const inner = ['in', 'input', 'queue'].includes(words.at(-1) ?? '') ? words.slice(0, -1) : words;
  return [pipe, ...[words, inner, inner.slice(1)].map((name) => name.join('-'))];
}
