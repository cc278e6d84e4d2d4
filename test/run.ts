/**
 * `npm test`: every check and suite that needs no account; the last line sums them up. They run one after the other, but
 * for the simulation, which takes the processor while the tests on the emulator wait for it.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const GROUPS = ['check', 'test', 'simulate'] as const;

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

interface Suite {
  readonly name: string;
  readonly group: (typeof GROUPS)[number];
  readonly command: readonly string[];
  /** How many passed and failed, where the suite can tell; otherwise it counts as one by its exit code. */
  readonly count?: () => Counts;
}

const folder = mkdtempSync(join(tmpdir(), 'jobtree-test-'));

const first: readonly Suite[] = [
  { name: 'lint and format', group: 'check', command: ['biome', 'ci', '--error-on-warnings', '.'] },
  { name: 'types', group: 'check', command: ['tsc', '--noEmit', '-p', '.'] },
  { name: 'unused code', group: 'check', command: ['knip'] },
  tests('in process'),
];
const simulations: readonly Suite[] = [
  { name: 'simulation', group: 'simulate', command: ['node', 'test/simulation/main.ts', '--seeds', '500'] },
  { name: 'planted bugs', group: 'simulate', command: ['node', 'test/simulation/main.ts', '--planted'] },
];

/** A project of `vitest.config.ts`. */
function tests(project: string): Suite {
  const report = join(folder, `${project}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return {
    name: `tests ${project}`,
    group: 'test',
    command: ['vitest', 'run', '--project', project, ...reporters],
    count: () => countsOf(JSON.parse(readFileSync(report, 'utf8'))),
  };
}

interface Report {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

function countsOf(report: Report): Counts {
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + (report.success ? 0 : suitesThatBroke(report)),
  };
}

/** Files that could not even be loaded hold no failed test, and are failures all the same. */
function suitesThatBroke({ testResults }: Report): number {
  return testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  ).length;
}

/** What it prints is shown as it comes; `later`, in one piece at its end. */
async function run({ name, command, count }: Suite, shown: 'now' | 'later' = 'now'): Promise<Counts> {
  const heading = `\n── ${name}: ${command.join(' ')}\n`;
  if (shown === 'now') process.stdout.write(heading);
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', shown === 'now' ? 'inherit' : 'pipe'] });
  const output: Buffer[] = [];
  const take = (chunk: Buffer) => {
    if (shown === 'now') process.stdout.write(chunk);
    else output.push(chunk);
  };
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  const code = await new Promise<number>((resolve) => child.on('close', (exit) => resolve(exit ?? 1)));
  if (shown === 'later') process.stdout.write(`${heading}${Buffer.concat(output)}`);
  const counted = count === undefined ? { passed: code === 0 ? 1 : 0, failed: 0 } : count();
  return { ...counted, failed: code !== 0 && counted.failed === 0 ? 1 : counted.failed };
}

const { only } = parseArgs({ options: { only: { type: 'string' } } }).values;
if (only !== undefined && !GROUPS.some((group) => group === only)) {
  throw new Error(`--only '${only}' is none of ${GROUPS.join(', ')}`);
}

const total = { passed: 0, failed: 0 };
async function runAll(list: readonly Suite[], shown?: 'later'): Promise<void> {
  for (const suite of list) {
    if (only !== undefined && suite.group !== only) continue;
    const { passed, failed } = await run(suite, shown);
    total.passed += passed;
    total.failed += failed;
  }
}

await runAll(first);
await Promise.all([runAll([tests('on the emulator')]), runAll(simulations, 'later')]);
rmSync(folder, { recursive: true });
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
