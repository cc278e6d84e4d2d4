/** Runs one measurement in this process, and prints its rows as JSON: `node test/bench/measure.ts <name>`. */
import { measureApi } from './in-process/api.ts';
import { measureCpu } from './in-process/cpu.ts';
import { measureExtractText } from './in-process/extract-text.ts';
import { measureOperations } from './in-process/operations.ts';
import { measurePages } from './in-process/pages.ts';
import { measureResume } from './in-process/resume.ts';
import { measureSends } from './in-process/sends.ts';
import { measureStart } from './in-process/start.ts';
import type { Measurement } from './row.ts';

const MEASUREMENTS: Readonly<Record<string, Measurement>> = {
  cpu: measureCpu,
  operations: measureOperations,
  pages: measurePages,
  sends: measureSends,
  start: measureStart,
  api: measureApi,
  resume: measureResume,
  'extract-text': measureExtractText,
};

const [name = ''] = process.argv.slice(2);
const measure = MEASUREMENTS[name];
if (measure === undefined)
  throw new Error(`'${name}' is not a measurement. Use one of ${Object.keys(MEASUREMENTS).join(', ')}.`);
process.stdout.write(JSON.stringify(await measure()));
