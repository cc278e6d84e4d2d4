/**
 * `npm test` runs the checks and the tests that need no account; the last line sums them up.
 * `npm run test:all` adds the tests that take minutes.
 * `npm test -- <part of a file name>` runs the test files whose path contains that part, on an emulator if they need one.
 *
 * Three lanes of about the same length run beside each other, because the tests on the emulator and in the browser mostly wait.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
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
  /** Counts tests. @default - the suite counts as one, passed if its exit code is 0 */
  readonly count?: () => Counts;
}

interface Report {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

const { values, positionals } = parseArgs({
  options: { only: { type: 'string' }, all: { type: 'boolean', default: false } },
  allowPositionals: true,
});
if (values.only !== undefined && !GROUPS.some((group) => group === values.only)) {
  throw new Error(`--only '${values.only}' is not known; allowed are ${GROUPS.join(', ')}`);
}

const folder = mkdtempSync(join(tmpdir(), 'jobtree-test-'));
const total = { passed: 0, failed: 0 };
const simulator = ['node', 'test/simulation/main.ts'];

const checks: readonly Suite[] = [
  { name: 'lint and format', group: 'check', command: ['biome', 'ci', '--error-on-warnings', '.'] },
  { name: 'types', group: 'check', command: ['tsc', '--noEmit', '-p', '.'] },
  { name: 'types of the console', group: 'check', command: ['tsc', '--noEmit', '-p', 'clients/console'] },
  { name: 'unused code', group: 'check', command: ['knip'] },
];
const simulation: Suite = {
  name: 'simulation',
  group: 'simulate',
  command: [...simulator, '--seeds', values.all ? '2000' : '500'],
};
const plantedBugs: Suite = {
  name: 'planted bugs',
  group: 'simulate',
  command: [...simulator, '--planted', ...(values.all ? [] : ['--sample', '12'])],
};
const fuzz: Suite = { name: 'fuzz', group: 'test', command: ['node', 'test/schemathesis/main.ts'] };

if (positionals.length > 0) await runSuite(tests('files', positionals));
else if (values.all) await runEverything();
else await runUsual();
rmSync(folder, { recursive: true });
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

async function runUsual(): Promise<void> {
  await Promise.all([
    runInOrder([project('on the emulator'), simulation, plantedBugs]),
    runTogether(checks).then(() =>
      Promise.all([
        runInOrder([project('in process')]),
        runInOrder([project('in the browser'), project('of the stack')]),
      ]),
    ),
  ]);
}

async function runEverything(): Promise<void> {
  await runUsual();
  await runInOrder([project('long'), project('as a package'), fuzz]);
}

function project(name: string): Suite {
  return tests(name, ['--project', name]);
}

function tests(name: string, args: readonly string[]): Suite {
  const report = join(folder, `${name}.json`);
  return {
    name: `tests ${name}`,
    group: 'test',
    command: [
      'vitest',
      'run',
      ...args,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    count: () =>
      existsSync(report) ? countsOf(JSON.parse(readFileSync(report, 'utf8'))) : { passed: 0, failed: 1 },
  };
}

function countsOf({ success, numPassedTests: passed, numFailedTests, testResults }: Report): Counts {
  // A file that could not be loaded holds no failed test, and is a failure all the same.
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  ).length;
  return { passed, failed: numFailedTests + (success ? 0 : broken) };
}

async function runInOrder(suites: readonly Suite[]): Promise<void> {
  for (const suite of suites) await runSuite(suite);
}

async function runTogether(suites: readonly Suite[]): Promise<void> {
  await Promise.all(suites.map((suite) => runSuite(suite)));
}

/** Prints the output of a suite in one piece at its end, because others run beside it. */
async function runSuite({ name, group, command, count }: Suite): Promise<void> {
  if (values.only !== undefined && group !== values.only) return;
  const startedAt = performance.now();
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  const code = await new Promise<number>((resolve) => child.on('close', (exit) => resolve(exit ?? 1)));
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  process.stdout.write(`\n── ${name} (${seconds} s): ${command.join(' ')}\n${Buffer.concat(output)}`);
  const { passed, failed } = count?.() ?? { passed: code === 0 ? 1 : 0, failed: 0 };
  total.passed += passed;
  total.failed += code !== 0 && failed === 0 ? 1 : failed;
}
