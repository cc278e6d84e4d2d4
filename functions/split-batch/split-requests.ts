import type { SplitMessage } from '#contract/messages.ts';
import type { JobRun } from '#core/job.ts';
import { measure } from '#core/json-weight.ts';
import type { Objects, Table } from '#core/ports.ts';
import { byteLength } from '#core/send.ts';
import { depthOf } from '#core/task-path.ts';
import type { FlowPlan, PlannedStep } from '#core/template/template.ts';
import { readClaimedField } from '../store/claim-check.ts';
import { definitionKey } from '../store/object-keys.ts';
import { readBatch, readFlow } from '../store/requests.ts';

/** Parameters up to this size are part of every message. Larger ones are stored in the bucket. */
const MAX_INLINE_PARAMETERS_BYTES = 4 * 1024;

/** Maximum number of requests that one instance keeps in memory. */
const MAX_REMEMBERED = 50;
const MAX_REMEMBERED_BYTES = 32 * 1024 * 1024;

/** The part of a captured request that splitting needs. */
export interface SplitRequest {
  readonly definition: unknown;
  readonly parameters: unknown;
  readonly parametersKey?: string;
  /** Set if the job runs a template. */
  readonly step?: PlannedStep;
}

/** Reads the requests of the jobs that this instance splits, each of them once. */
export class SplitRequests {
  readonly #requests = new SizedCache<SplitRequest>();
  readonly #flows = new SizedCache<FlowPlan>();
  readonly #ports: { readonly table: Table; readonly objects: Objects };

  constructor(ports: { readonly table: Table; readonly objects: Objects }) {
    this.#ports = ports;
  }

  async read(run: JobRun, step?: SplitMessage['step']): Promise<SplitRequest> {
    return this.#requests.read([run.partition, run.job, run.runNumber, step ?? null], () =>
      step === undefined ? this.#loadBatch(run) : this.#loadStep(run, step),
    );
  }

  /** Returns the flow of a job that runs a template. */
  async readFlow(run: JobRun): Promise<FlowPlan> {
    return this.#flows.read([run.partition, run.job, run.runNumber], async () => {
      const flow = await readFlow(this.#ports.table, this.#ports.objects, run);
      if (flow === undefined) throw unreadable(run);
      return flow;
    });
  }

  async #loadBatch(run: JobRun): Promise<SplitRequest> {
    const batch = (await readBatch(this.#ports.table, this.#ports.objects, run)) as
      | { definition?: unknown; parameters?: unknown }
      | undefined;
    if (batch === undefined) throw unreadable(run);
    return { definition: batch.definition, ...(await this.#placed(run, 'parameters', batch.parameters)) };
  }

  async #loadStep(run: JobRun, name: string): Promise<SplitRequest> {
    const { steps, items } = await this.readFlow(run);
    const step = steps.find((candidate) => candidate.name === name);
    if (step === undefined) throw unreadable(run);
    const definition = step.splitter === undefined ? { items } : step.definition;
    return { definition, step, ...(await this.#placed(run, `parameters-${name}`, step.parameters)) };
  }

  async #placed(run: JobRun, name: string, parameters: unknown = {}) {
    const text = JSON.stringify(parameters);
    if (byteLength(text) <= MAX_INLINE_PARAMETERS_BYTES) return { parameters };
    const parametersKey = definitionKey(run, name);
    await this.#ports.objects.put(parametersKey, text, { contentType: 'application/json' });
    return { parameters: {}, parametersKey };
  }
}

/** Returns the definition to split: the one of the message, or the one of the request. */
export async function definitionOf(
  objects: Objects,
  message: SplitMessage,
  request: SplitRequest,
): Promise<unknown> {
  if (message.definitionKey !== undefined) {
    return readClaimedField(objects, message.partition, undefined, message.definitionKey);
  }
  // True for the first batch of a job, or of a step that has its own items.
  const isFirst = depthOf(message.path) === (message.step === undefined ? 0 : 1);
  return isFirst && message.definition === undefined ? request.definition : message.definition;
}

function unreadable(run: JobRun): Error {
  return new Error(`the request of job '${run.job}' is missing`);
}

/** The values that were read last, up to a number and a total weight. */
class SizedCache<T> {
  readonly #values = new Map<string, { readonly value: T; readonly weight: number }>();
  #weight = 0;

  async read(key: readonly unknown[], load: () => Promise<T>): Promise<T> {
    const text = JSON.stringify(key);
    const cached = this.#values.get(text);
    if (cached !== undefined) return cached.value;
    const value = await load();
    const { weight } = measure(value);
    this.#values.set(text, { value, weight });
    this.#weight += weight;
    for (const [oldest, dropped] of this.#values) {
      if (this.#weight <= MAX_REMEMBERED_BYTES && this.#values.size <= MAX_REMEMBERED) break;
      this.#values.delete(oldest);
      this.#weight -= dropped.weight;
    }
    return value;
  }
}
