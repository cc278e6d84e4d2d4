/** Reads files with the splitter `lines` as a user does: the API creates a job, and the functions run until it ends. */
import { z } from 'zod';
import type { JobStatus } from '#core/job-status.ts';
import { parseObjectKey } from '#core/object-address.ts';
import { defineWorker } from '../../functions/kit/define-worker.ts';
import { shippedSplitters } from '../../functions/split-batch/splitters/index.ts';
import { jsonSchema } from '../../lib/registry.ts';
import { apiWorld, JOBS, REGISTRY } from '../functions/jobs-api/api-world.ts';
import { memoryService } from './memory-service.ts';

export interface BadRecord {
  readonly id: string;
  readonly reason: string;
}

export interface ReadFile {
  readonly status: JobStatus;
  /** Payloads of the items, in the order of the file. */
  readonly payloads: readonly unknown[];
  /** Records that failed alone, in the order of the file. */
  readonly badRecords: readonly BadRecord[];
  /** Reasons why the job failed. */
  readonly failures: readonly string[];
  /** From the creation of the job to its end, on the clock of the service. */
  readonly jobMillis: number;
}

interface Collected {
  readonly id: string;
  readonly payload: unknown;
}

const KEY = 'data/p1/file';
const JOB = { partition: 'p1', job: 'j1' };

const splitters = shippedSplitters.map(({ name, description, definition }) => {
  return { name, description, definition: jsonSchema(definition) };
});
const workers = [{ name: 'collect', description: 'collects items', parameters: {} }];

/** `definition` is the definition of the job without its source. */
export async function readLines(bytes: Uint8Array | string, definition: object): Promise<ReadFile> {
  const collected: Collected[] = [];
  const collect = defineWorker({
    name: 'collect',
    parameters: z.unknown(),
    run: ({ id, payload }) => {
      collected.push({ id, payload });
    },
  });
  const service = memoryService({ workers: [collect] });
  await service.objects.put(parseObjectKey(KEY), bytes);
  const { table, objects, clock, random, log, machines } = service;
  const registry = { ...REGISTRY, splitters, workers };
  const api = apiWorld({ table, objects, clock, random, log, machines, registry });
  const batch = {
    splitter: 'lines',
    definition: { source: `s3://jobtree/${KEY}`, ...definition },
    worker: 'collect',
    onItemFailure: 'continue',
  };
  const created = await api.call('PUT', `${JOBS}/j1`, { body: { batch } });
  if (created.status !== 201) throw new Error(`the job was refused: ${created.text}`);
  await service.drain();

  const job = (await service.view(JOB))?.job;
  if (job === undefined) throw new Error('the job does not exist');
  const { rows } = await service.table.query({ pk: 'P#p1#J#j1#R1', begins: 'F#' });
  const badRecords = (await service.outcomes(JOB)).flatMap(({ id, failure }) =>
    failure === undefined ? [] : [{ id, reason: `${failure.code}: ${failure.failureMessage}` }],
  );
  return {
    status: job.status,
    payloads: collected.toSorted(byLine).map(({ payload }) => payload),
    badRecords: badRecords.toSorted(byLine),
    failures: rows.map(({ code, failureMessage }) => `${code}: ${failureMessage}`),
    jobMillis: (job.endTime ?? service.clock.now()) - job.createTime,
  };
}

/** Ids are `<file>:<line>`. */
function byLine(a: { readonly id: string }, b: { readonly id: string }): number {
  return lineOf(a.id) - lineOf(b.id);
}

function lineOf(id: string): number {
  const line = Number(id.split(':')[1]);
  if (Number.isNaN(line)) throw new Error(`the id '${id}' has no line number`);
  return line;
}
