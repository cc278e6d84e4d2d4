/**
 * `npm run bench [-- --only cpu,fan-out] [-- --write]`: measures the goals of docs/explanation/performance.md. Each figure is
 * compared with a rival or a floor that is measured in the same run. `--write` replaces the table of that page.
 */
import { parseArgs } from 'node:util';
import { EMULATOR_MEASUREMENTS, measureOnEmulator } from './emulator/measure.ts';
import { measureFlow } from './flow/flow.ts';
import { MAX_HEAP_MEBIBYTES } from './in-process/pages.ts';
import { machineName, writePage } from './performance-page.ts';
import type { Row } from './row.ts';
import { runMeasurement } from './run-measurement.ts';

/** Name of each measurement in a process of its own, with the options of Node. */
const IN_PROCESS: ReadonlyMap<string, readonly string[]> = new Map([
  ['cpu', []],
  ['operations', []],
  ['pages', [`--max-old-space-size=${MAX_HEAP_MEBIBYTES}`]],
  ['sends', []],
  ['start', []],
  ['api', []],
  ['resume', []],
  ['extract-text', []],
]);
/** Compared with BullMQ, which needs redis-server. */
const FLOW = 'flow';
const NAMES: readonly string[] = [FLOW, ...IN_PROCESS.keys(), ...EMULATOR_MEASUREMENTS];

const { only, write } = parseArgs({
  options: { only: { type: 'string' }, write: { type: 'boolean', default: false } },
}).values;
const selected = only?.split(',') ?? NAMES;
const unknown = selected.filter((name) => !NAMES.includes(name));
if (unknown.length > 0) throw new Error(`--only '${unknown.join(',')}': use some of ${NAMES.join(', ')}`);
if (write && only !== undefined) throw new Error('--write needs all measurements; run it without --only');

const rows: Row[] = [];
const add = (more: readonly Row[]): void => {
  rows.push(...more);
  for (const { id, what, measured, reference, goal, isMet } of more)
    console.log(`${isMet ? '✓' : '✗'} ${id}  ${what}: ${measured} (goal ${goal}; ${reference})`);
};

console.log(machineName());
for (const [name, options] of IN_PROCESS)
  if (selected.includes(name)) add(await runMeasurement(name, options));
if (selected.includes(FLOW)) add(await measureFlow());
const onEmulator = EMULATOR_MEASUREMENTS.filter((name) => selected.includes(name));
if (onEmulator.length > 0) for await (const more of measureOnEmulator(onEmulator)) add(more);
if (write) writePage(rows);
console.log(`${rows.filter(({ isMet }) => isMet).length} of ${rows.length} goals met`);
