/** Requests that create a small job with a worker or splitter. */
import type { Splitter, Worker } from 'jobtree/client';
import { exampleOf } from '../../parts/schema-example.ts';

/** Simulates work, so an example with it changes nothing. */
const HARMLESS_WORKER = 'rehearse';
/** Its items are results of an earlier step, so only a step of a template can name it. */
const STEP_SPLITTER = 'step-results';

const NUMBERS = { splitter: 'range', definition: { from: 0, to: 3 } };
const FILES = { splitter: 'zip', definition: { source: 'upload:<id>' } };
const RESULTS = { splitter: 'job-results', definition: { job: '<job id>', group: 100 } };

/** Work for workers that need files or results. All others get numbers. */
const BATCHES: Readonly<Record<string, typeof NUMBERS | typeof FILES | typeof RESULTS>> = {
  'export-zip': RESULTS,
  'extract-text': FILES,
  'merge-pdf': FILES,
  'office-to-pdf': FILES,
  'to-pdf': FILES,
  'to-tiff': FILES,
  unzip: FILES,
};

export function requestWithWorker({ name, parameters }: Worker): object {
  const example = exampleOf(parameters);
  const work = Object.hasOwn(BATCHES, name) ? BATCHES[name] : NUMBERS;
  return { batch: { ...work, worker: name, ...(hasMembers(example) && { parameters: example }) } };
}

/** For a splitter of templates, it is a step of one. */
export function requestWithSplitter({ name, definition }: Splitter, workers: readonly Worker[]): object {
  const example = exampleOf(definition);
  if (!isForJobs(name)) return { name: 'archive', splitter: name, definition: example, worker: 'export-zip' };
  const worker = (workers.find((one) => one.name === HARMLESS_WORKER) ?? workers[0])?.name ?? '<worker>';
  return { batch: { splitter: name, definition: example, worker } };
}

/** False for a splitter that only steps of templates can name. */
export function isForJobs(name: string): boolean {
  return name !== STEP_SPLITTER;
}

function hasMembers(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}
