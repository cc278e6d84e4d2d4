/** The splitters of `index.ts`, loaded when a batch names one, so that the function starts without their code. */
import type { Splitter } from '#core/splitter.ts';
import { FIRST_STEP_SPLITTER, STEP_OUTCOMES_SPLITTER } from './names.ts';

export interface SplitterOnDemand {
  readonly name: string;
  readonly load: () => Promise<Splitter>;
}

// Two modules rather than one for each splitter: esbuild would divide the code that they share into dozens of files.
const fileSplitters = () => import('./file-splitters.ts');
const listSplitters = () => import('./list-splitters.ts');

export const splittersOnDemand: readonly SplitterOnDemand[] = [
  { name: 'items', load: async () => (await fileSplitters()).items },
  { name: 'job-results', load: async () => (await listSplitters()).jobResults },
  { name: 'lines', load: async () => (await fileSplitters()).lines },
  { name: 'lines/file', load: async () => (await fileSplitters()).linesFile },
  { name: 'lines/range', load: async () => (await fileSplitters()).linesRange },
  { name: 'query', load: async () => (await listSplitters()).query },
  { name: 'range', load: async () => (await listSplitters()).range },
  { name: 's3-prefix', load: async () => (await listSplitters()).s3Prefix },
  { name: 'step-results', load: async () => (await listSplitters()).stepResults },
  { name: 'zip', load: async () => (await fileSplitters()).zip },
  { name: FIRST_STEP_SPLITTER, load: async () => (await listSplitters()).firstStepItems },
  { name: STEP_OUTCOMES_SPLITTER, load: async () => (await listSplitters()).outcomesOfStep },
];
