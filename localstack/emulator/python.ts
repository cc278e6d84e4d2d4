import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommand, tail } from '../command.ts';
import { PROJECT_ROOT, STATE_ROOT } from '../local-aws.ts';
import { LocalRefusal } from '../local-refusal.ts';

const CANDIDATES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
const MAJOR = 3;

/** A Python environment of the project, with the exact versions of its requirements. */
export interface PythonEnvironment {
  /** Name of the installed program, for messages. */
  readonly program: string;
  /** Folder below `.jobtree`. */
  readonly folder: string;
  /** A project file with versions and hashes. */
  readonly requirements: string;
  /** The oldest minor version of Python 3 that its packages support. */
  readonly oldestMinor: number;
  /** Alternative for users without Python, for the end of a sentence. */
  readonly alternative: string;
}

const MINISTACK: PythonEnvironment = {
  program: 'MiniStack',
  folder: 'venv',
  requirements: 'localstack/emulator/ministack-requirements.txt',
  oldestMinor: 10,
  alternative: 'or run against LocalStack instead: --on localstack',
};

/** Returns the Python of MiniStack's own environment below .jobtree, creating it on first use (7 seconds). */
export function ministackPython(onProgress: (text: string) => void): Promise<string> {
  return environmentPython(MINISTACK, onProgress);
}

/**
 * Returns the Python of an environment, creating it on first use and again whenever its requirements change.
 */
export async function environmentPython(
  environment: PythonEnvironment,
  onProgress: (text: string) => void,
): Promise<string> {
  const { program, folder } = environment;
  const venv = join(STATE_ROOT, folder);
  const python = join(venv, 'bin', 'python');
  const stamp = join(venv, '.requirements');
  const requirementsHash = createHash('sha256')
    .update(readFileSync(requirementsOf(environment)))
    .digest('hex');
  if (existsSync(python) && existsSync(stamp) && readFileSync(stamp, 'utf8') === requirementsHash)
    return python;
  onProgress(`installing ${program} into .jobtree/${folder} …`);
  // Created in a draft folder and then renamed, so that two concurrent processes do not conflict.
  const draft = `${venv}-${process.pid}`;
  try {
    await makeEnvironment(draft, environment);
    writeFileSync(join(draft, '.requirements'), requirementsHash);
    rmSync(venv, { recursive: true, force: true });
    renameSync(draft, venv);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return python;
}

function requirementsOf({ requirements }: PythonEnvironment): string {
  return join(PROJECT_ROOT, requirements);
}

type PythonRequirement = Pick<PythonEnvironment, 'program' | 'oldestMinor' | 'alternative'>;

/** Returns the first suitable Python on PATH. Throws an error that lists the Pythons found alternative. */
export async function findPython(
  env: NodeJS.ProcessEnv = process.env,
  requirement: PythonRequirement = MINISTACK,
): Promise<string> {
  const { program, oldestMinor, alternative } = requirement;
  const foundVersions: string[] = [];
  for (const candidate of CANDIDATES) {
    const version = await versionOf(candidate, env);
    if (!version) continue;
    if (version.major === MAJOR && version.minor >= oldestMinor) {
      await assertHasVenv(candidate, `${version.major}.${version.minor}`, env, requirement);
      return candidate;
    }
    foundVersions.push(`${candidate} ${version.major}.${version.minor}`);
  }
  throw new LocalRefusal(
    `${program} needs Python ${MAJOR}.${oldestMinor} or newer on PATH, found ${foundVersions.join(', ') || 'none'}. Install Python 3.12, ${alternative}`,
  );
}

async function versionOf(python: string, env: NodeJS.ProcessEnv) {
  const { code, output } = await runCommand(python, ['-c', 'import sys; print(*sys.version_info[:2])'], {
    env,
  });
  const match = /^(\d+) (\d+)/.exec(output);
  return code === 0 && match ? { major: Number(match[1]), minor: Number(match[2]) } : undefined;
}

// Debian and Ubuntu ship Python without these two modules; `python -m venv` then fails halfway with a long
// message.
async function assertHasVenv(
  python: string,
  version: string,
  env: NodeJS.ProcessEnv,
  { program, alternative }: PythonRequirement,
): Promise<void> {
  const { code } = await runCommand(python, ['-c', 'import venv, ensurepip'], { env });
  if (code === 0) return;
  throw new LocalRefusal(
    `${python} ${version} lacks the modules venv and ensurepip, which are required to install ${program}. Install them (Debian, Ubuntu: apt-get install python${version}-venv), ${alternative}`,
  );
}

async function makeEnvironment(folder: string, environment: PythonEnvironment): Promise<void> {
  const python = await findPython(process.env, environment);
  mkdirSync(dirname(folder), { recursive: true });
  await mustSucceed('python -m venv', environment, [python, '-m', 'venv', folder]);
  await mustSucceed('pip install', environment, [
    ...[join(folder, 'bin', 'python'), '-m', 'pip', 'install', '--quiet', '--no-input'],
    ...['--disable-pip-version-check', '--no-compile'],
    ...['--require-hashes', '--requirement', requirementsOf(environment)],
  ]);
}

async function mustSucceed(
  action: string,
  { program, alternative }: PythonRequirement,
  [command = '', ...args]: string[],
): Promise<void> {
  const { code, output } = await runCommand(command, args);
  if (code === 0) return;
  throw new LocalRefusal(
    `${action} for ${program} ended with code ${code}; check the network and pip's index, then try again, ${alternative}. Its last lines:\n${tail(output)}`,
  );
}
