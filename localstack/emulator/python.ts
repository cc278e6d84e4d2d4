import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommand, tail } from '../command.ts';
import { PROJECT_ROOT, STATE_ROOT } from '../local-aws.ts';
import { LocalRefusal } from '../local-refusal.ts';

const CANDIDATES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
const OLDEST = { major: 3, minor: 10 };
const REQUIREMENTS = join(PROJECT_ROOT, 'localstack/emulator/ministack-requirements.txt');
const WITHOUT_PYTHON = 'or run against LocalStack instead: --on localstack';

/** The Python of MiniStack's own environment under .jobtree, which is made on first use (7 seconds). */
export async function ministackPython(say: (text: string) => void): Promise<string> {
  const venv = join(STATE_ROOT, 'venv');
  const python = join(venv, 'bin', 'python');
  const stamp = join(venv, '.requirements');
  const wanted = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
  if (existsSync(python) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;
  say('installing MiniStack into .jobtree/venv …');
  // Made aside and moved: two processes that come first at the same time can't disturb each other.
  const draft = `${venv}-${process.pid}`;
  try {
    await makeEnvironment(draft);
    writeFileSync(join(draft, '.requirements'), wanted);
    rmSync(venv, { recursive: true, force: true });
    renameSync(draft, venv);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return python;
}

/** The first Python on PATH that can run MiniStack, or a refusal that says what was found instead. */
export async function findPython(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const found: string[] = [];
  for (const candidate of CANDIDATES) {
    const version = await versionOf(candidate, env);
    if (!version) continue;
    if (version.major === OLDEST.major && version.minor >= OLDEST.minor) {
      await assertHasVenv(candidate, `${version.major}.${version.minor}`, env);
      return candidate;
    }
    found.push(`${candidate} ${version.major}.${version.minor}`);
  }
  throw new LocalRefusal(
    `MiniStack needs Python ${OLDEST.major}.${OLDEST.minor} or newer on PATH, found ${found.join(', ') || 'none'}. Install Python 3.12, ${WITHOUT_PYTHON}`,
  );
}

async function versionOf(python: string, env: NodeJS.ProcessEnv) {
  const { code, output } = await runCommand(python, ['-c', 'import sys; print(*sys.version_info[:2])'], {
    env,
  });
  const match = /^(\d+) (\d+)/.exec(output);
  return code === 0 && match ? { major: Number(match[1]), minor: Number(match[2]) } : undefined;
}

// Debian and Ubuntu ship Python without these two; `python -m venv` then fails halfway with a long text.
async function assertHasVenv(python: string, version: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { code } = await runCommand(python, ['-c', 'import venv, ensurepip'], { env });
  if (code === 0) return;
  throw new LocalRefusal(
    `${python} ${version} lacks the modules venv and ensurepip, which MiniStack's own environment is made with. Install them (Debian, Ubuntu: apt-get install python${version}-venv), ${WITHOUT_PYTHON}`,
  );
}

async function makeEnvironment(folder: string): Promise<void> {
  const python = await findPython();
  mkdirSync(dirname(folder), { recursive: true });
  await mustSucceed('python -m venv', python, ['-m', 'venv', folder]);
  await mustSucceed('pip install', join(folder, 'bin', 'python'), [
    ...['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check', '--no-compile'],
    ...['--require-hashes', '--requirement', REQUIREMENTS],
  ]);
}

async function mustSucceed(what: string, program: string, args: string[]): Promise<void> {
  const { code, output } = await runCommand(program, args);
  if (code === 0) return;
  throw new LocalRefusal(
    `${what} for MiniStack ended with code ${code}; check the network and pip's index, then try again, ${WITHOUT_PYTHON}. Its last lines:\n${tail(output)}`,
  );
}
