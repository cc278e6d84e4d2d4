/** `npm test`: every check and suite that needs no account, one after the other; the last line sums them up. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const GROUPS = ['check', 'test', 'simulate'] as const;

interface Suite {
  readonly name: string;
  readonly group: (typeof GROUPS)[number];
  readonly command: readonly string[];
  /** How many passed and failed, where the suite can tell; otherwise it counts as one by its exit code. */
  readonly count?: (stdout: string) => { passed: number; failed: number };
}

const folder = mkdtempSync(join(tmpdir(), 'jobtree-test-'));
const vitestReport = join(folder, 'vitest.json');

const suites: readonly Suite[] = [
  { name: 'lint and format', group: 'check', command: ['biome', 'ci', '--error-on-warnings', '.'] },
  { name: 'types', group: 'check', command: ['tsc', '--noEmit', '-p', '.'] },
  { name: 'unused code', group: 'check', command: ['knip'] },
  {
    name: 'tests',
    group: 'test',
    command: ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`],
    count: () => {
      const report = JSON.parse(readFileSync(vitestReport, 'utf8'));
      return {
        passed: report.numPassedTests,
        failed: report.numFailedTests + (report.success ? 0 : suitesThatBroke(report)),
      };
    },
  },
  { name: 'simulation', group: 'simulate', command: ['node', 'test/simulation/main.ts', '--seeds', '500'] },
  { name: 'planted bugs', group: 'simulate', command: ['node', 'test/simulation/main.ts', '--planted'] },
];

/** Files that could not even be loaded hold no failed test, and are failures all the same. */
function suitesThatBroke(report: { testResults: { status: string; assertionResults: unknown[] }[] }): number {
  return report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  ).length;
}

async function run({ name, command, count }: Suite): Promise<{ passed: number; failed: number }> {
  console.log(`\n── ${name}: ${command.join(' ')}`);
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
    process.stdout.write(chunk);
  });
  const code = await new Promise<number>((resolve) => child.on('close', (exit) => resolve(exit ?? 1)));
  const counted = count === undefined ? { passed: code === 0 ? 1 : 0, failed: 0 } : count(stdout);
  return { ...counted, failed: code !== 0 && counted.failed === 0 ? 1 : counted.failed };
}

const { only } = parseArgs({ options: { only: { type: 'string' } } }).values;
if (only !== undefined && !GROUPS.some((group) => group === only)) {
  throw new Error(`--only '${only}' is none of ${GROUPS.join(', ')}`);
}
const total = { passed: 0, failed: 0 };
for (const suite of suites) {
  if (only !== undefined && suite.group !== only) continue;
  const { passed, failed } = await run(suite);
  total.passed += passed;
  total.failed += failed;
}
rmSync(folder, { recursive: true });
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
