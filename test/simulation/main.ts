/**
 * `npm run simulate -- --seeds 5000 [--from 1] [--mode safety|liveness|both]` runs schedules.
 * `npm run simulate -- --replay 17 --mode safety` runs one schedule and prints its full trace.
 * `npm run simulate -- --planted [--sample 12]` checks that the simulator finds the planted bugs, or a sample of them.
 *
 * Writes progress to stderr, and one JSON object as the last line of stdout. The exit code is 1 if a schedule violates
 * an invariant or if a planted bug is not found.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { LaneReport, LaneTask } from './lane.ts';
import type { Mode } from './scenario.ts';
import { focusOf, pageSizeOf } from './seeds.ts';
import { FULL_PAGE, SMALL_PAGE, useSizes } from './sizes.ts';

/** Maximum number of seeds tried for each planted bug. */
const MAX_PLANTED_SEEDS = 500;
const MAX_SHOWN = 20;
const REPORT_MILLIS = 5_000;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    mode: { type: 'string', default: 'both' },
    replay: { type: 'string' },
    planted: { type: 'boolean', default: false },
    sample: { type: 'string' },
  },
});
const modes: readonly Mode[] =
  values.mode === 'safety' || values.mode === 'liveness' ? [values.mode] : ['safety', 'liveness'];
const lanes = Math.max(2, availableParallelism());

if (values.replay !== undefined) process.exitCode = await replay(Number(values.replay));
else if (values.planted) process.exitCode = await findPlanted();
else process.exitCode = await simulate(Number(values.from), Number(values.seeds));

async function simulate(from: number, seeds: number): Promise<number> {
  const all = Array.from({ length: seeds }, (_, i) => from + i);
  const startedAt = performance.now();
  const perSecond = (schedules: number) => Math.round((schedules * 1_000) / (performance.now() - startedAt));
  const total = { played: 0, violations: 0, steps: 0, rows: 0, objects: 0, reportedAt: startedAt };
  await Promise.all(
    lanesOf(all).map((task) =>
      runLane(task, (report) => {
        total.played += 1;
        total.steps += report.steps;
        total.rows += report.leftovers.rows;
        total.objects += report.leftovers.objects;
        if (report.violations.length > 0) {
          total.violations += 1;
          if (total.violations <= MAX_SHOWN) printViolation(report);
        }
        if (performance.now() - total.reportedAt < REPORT_MILLIS) return;
        total.reportedAt = performance.now();
        process.stderr.write(
          `${total.played} of ${seeds * modes.length} schedules, ${total.violations} violated, ${perSecond(total.played)}/s\n`,
        );
      }),
    ),
  );
  const { played: schedules, violations, steps, rows, objects } = total;
  process.stderr.write(
    `${schedules} schedules, ${steps} steps; deleted jobs left ${rows} rows with a time to live and ${objects} objects\n`,
  );
  console.log(JSON.stringify({ seeds, schedules, violations, perSecond: perSecond(schedules) }));
  return violations === 0 ? 0 : 1;
}

/** Divides the schedules of each page size among as many threads as there are cores. */
function lanesOf(seeds: readonly number[]): LaneTask[] {
  const perSize = Math.ceil(lanes / 2);
  return [SMALL_PAGE, FULL_PAGE].flatMap((pageSize) => {
    const seedsOfSize = seeds.filter((seed) => pageSizeOf(seed) === pageSize);
    return Array.from({ length: perSize }, (_, lane) => ({
      pageSize,
      modes,
      seeds: seedsOfSize.filter((_seed, position) => position % perSize === lane),
    }));
  });
}

function runLane(task: LaneTask, onReport: (report: LaneReport) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./lane.ts', import.meta.url), { workerData: task });
    worker.on('message', onReport);
    worker.on('error', reject);
    worker.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`a lane exited with code ${code}`)),
    );
  });
}

function printViolation({ seed, mode, violations }: LaneReport): void {
  const [first] = violations;
  process.stderr.write(`violated: ${first?.invariant}: ${first?.detail}\n`);
  process.stderr.write(`  npm run simulate -- --replay ${seed} --mode ${mode}\n`);
}

async function findPlanted(): Promise<number> {
  useSizes(SMALL_PAGE);
  const { PLANTED_BUGS } = await import('./planted.ts');
  const seeds = Array.from({ length: MAX_PLANTED_SEEDS }, (_, i) => 2 * i);
  const sample = sampleOf(PLANTED_BUGS, Number(values.sample ?? PLANTED_BUGS.length));
  const remainingBugs = sample.values();
  let foundBugs = 0;
  const huntBugs = async (): Promise<void> => {
    for (const { name, story, inFlows = false } of remainingBugs) {
      let findingReport: LaneReport | undefined;
      let schedules = 0;
      const usableSeeds = seeds.filter((seed) => !inFlows || focusOf(seed) === 'templates');
      await runLane({ pageSize: SMALL_PAGE, modes, seeds: usableSeeds, plantedBug: name }, (report) => {
        schedules += 1;
        if (report.violations.length > 0) findingReport = report;
      });
      if (findingReport !== undefined) foundBugs += 1;
      const result =
        findingReport === undefined
          ? 'NOT FOUND'
          : `seed ${findingReport.seed}: ${findingReport.violations[0]?.invariant}`;
      process.stderr.write(`${name} (${story}) ${schedules} schedules, ${result}\n`);
    }
  };
  await Promise.all(Array.from({ length: lanes }, huntBugs));
  console.log(JSON.stringify({ planted: sample.length, found: foundBugs }));
  return foundBugs === sample.length ? 0 : 1;
}

/** Returns elements spread over the list, so that each group of bugs is represented. */
function sampleOf<T>(list: readonly T[], size: number): readonly T[] {
  return list.filter(
    (_, position) =>
      Math.floor((position * size) / list.length) !== Math.floor(((position - 1) * size) / list.length),
  );
}

async function replay(seed: number): Promise<number> {
  useSizes(pageSizeOf(seed));
  const { runSchedule } = await import('./run-schedule.ts');
  let violationCount = 0;
  for (const mode of modes) {
    const { lines, violations, hash } = await runSchedule(seed, mode, { keepTrace: true });
    violationCount += violations.length;
    console.log(lines.join('\n'));
    for (const { invariant, detail, step } of violations) console.log(`step ${step} ${invariant}: ${detail}`);
    console.log(JSON.stringify({ seed, mode, hash, violations: violations.length }));
  }
  return violationCount === 0 ? 0 : 1;
}
