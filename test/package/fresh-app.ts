/** A fresh CDK app outside of the repository, as a user creates it, with the packed package installed. */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { PROJECT_ROOT, projectPath } from '../../localstack/local-aws.ts';

/** Prevents repeated downloads and disables slow checks. */
const INSTALL = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel', 'error'];

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/**
 * Runs a program. Rejects with its complete output if it fails. `env` is added to the environment of the
 * tests.
 */
export function run(
  program: string,
  args: readonly string[],
  { cwd, env = {} }: { cwd: string; env?: Readonly<Record<string, string | undefined>> },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd, env: { ...process.env, ...env }, maxBuffer: MAX_OUTPUT_BYTES };
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      reject(new Error(`${program} ${args.join(' ')} failed in ${cwd}: ${error.code}\n${stdout}\n${stderr}`));
    });
  });
}

export interface Packed {
  readonly file: string;
  readonly sizeBytes: number;
  /** Paths in the package. */
  readonly files: readonly string[];
}

export const folder = mkdtempSync(join(tmpdir(), 'jobtree-package-'));

export function removeFolder(): void {
  rmSync(folder, { recursive: true, force: true });
}

export async function pack(): Promise<Packed> {
  const printed = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: PROJECT_ROOT });
  const answer: unknown = JSON.parse(printed.slice(printed.search(/^[[{]/m)));
  const [packed] = (Array.isArray(answer) ? answer : Object.values(Object(answer))) as [
    { filename: string; size: number; files: { path: string }[] },
  ];
  const { filename, size, files } = packed;
  return { file: join(folder, filename), sizeBytes: size, files: files.map(({ path }) => path) };
}

/**
 * The result of `cdk init app --language typescript`. The CLI writes the same versions that this repository
 * uses.
 */
export async function initApp(name: string): Promise<string> {
  const app = join(folder, name);
  mkdirSync(app);
  const cdk = join(PROJECT_ROOT, 'node_modules/.bin/cdk');
  const env = { PATH: projectPath(), CDK_DISABLE_CLI_TELEMETRY: 'true' };
  await run(cdk, ['init', 'app', '--language', 'typescript', '--generate-only', '--no-notices'], {
    cwd: app,
    env,
  });
  return app;
}

export async function install(app: string, packages: readonly string[], more: readonly string[] = []) {
  await run('npm', [...INSTALL, ...more, ...packages], { cwd: app });
}

/** Creates the same app with different versions of some packages. */
export async function appWith(app: string, name: string, versions: Readonly<Record<string, string>>) {
  const copy = join(folder, name);
  cpSync(app, copy, {
    recursive: true,
    filter: (path) => !/\/(node_modules|cdk\.out|package-lock\.json)$/.test(path),
  });
  const file = join(copy, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  Object.assign(manifest.dependencies, versions);
  writeFileSync(file, JSON.stringify(manifest));
  await install(copy, []);
  return copy;
}

/** Returns the user's PATH, without the programs of the repository. */
function machinePath(): string[] {
  return (process.env['PATH'] ?? '').split(delimiter).filter((path) => !path.startsWith(PROJECT_ROOT));
}

/** Runs a program of the app, or the machine's `node` instead of the repository's. */
export function runInApp(
  app: string,
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
) {
  const own = join(app, 'node_modules/.bin', program);
  return run(existsSync(own) ? own : program, args, { cwd: app, env: { PATH: appPath(app), ...env } });
}

/** Returns a PATH with the programs of the app and the machine. */
export function appPath(app: string): string {
  return [join(app, 'node_modules/.bin'), ...machinePath()].join(delimiter);
}
