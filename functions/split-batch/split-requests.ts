import type { JobRun } from '#core/job.ts';
import type { Objects, Table } from '#core/ports.ts';
import { byteLength } from '#core/send.ts';
import { objectPrefix } from '../store/keys.ts';
import { readBatch } from '../store/requests.ts';

/** Parameters up to this size ride in every message; larger ones lie in the bucket. */
const MAX_INLINE_PARAMETERS_BYTES = 4 * 1024;

/** Jobs whose request one instance remembers. */
const MAX_REMEMBERED = 50;

/** What splitting needs of a job's captured request. */
export interface SplitRequest {
  readonly definition: unknown;
  readonly parameters: unknown;
  readonly parametersKey?: string;
}

/** The requests of the jobs that this instance splits, each read once. */
export class SplitRequests {
  readonly #remembered = new Map<string, SplitRequest>();
  readonly #ports: { readonly table: Table; readonly objects: Objects };

  constructor(ports: { readonly table: Table; readonly objects: Objects }) {
    this.#ports = ports;
  }

  async read(run: JobRun): Promise<SplitRequest> {
    const key = JSON.stringify([run.partition, run.job, run.generation]);
    const remembered = this.#remembered.get(key);
    if (remembered !== undefined) return remembered;
    const request = await this.#load(run);
    this.#remembered.set(key, request);
    const oldest = this.#remembered.keys().next();
    if (this.#remembered.size > MAX_REMEMBERED && oldest.done !== true) this.#remembered.delete(oldest.value);
    return request;
  }

  async #load(run: JobRun): Promise<SplitRequest> {
    const batch = (await readBatch(this.#ports.table, this.#ports.objects, run)) as
      | { definition?: unknown; parameters?: unknown }
      | undefined;
    if (batch === undefined) throw new Error(`the request of job '${run.job}' cannot be read`);
    const { definition, parameters } = batch;
    const text = JSON.stringify(parameters ?? {});
    if (byteLength(text) <= MAX_INLINE_PARAMETERS_BYTES) return { definition, parameters: parameters ?? {} };
    const parametersKey = `${objectPrefix('definitions', run)}parameters.json`;
    await this.#ports.objects.put(parametersKey, text, { contentType: 'application/json' });
    return { definition, parameters: {}, parametersKey };
  }
}
