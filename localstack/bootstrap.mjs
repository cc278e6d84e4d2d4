// Runs a command of the project in a fresh checkout. Installs the dependencies first, then runs `argv` with
// node_modules/.bin first on PATH. This selects Node 24 (the npm package `node`, the version Lambda runs)
// even if the machine has Node 20. Plain JavaScript without package imports, because it runs before anything
// is installed.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const modules = join(root, 'node_modules');
const lock = join(root, 'package-lock.json');
const stamp = join(modules, '.jobtree-lock');

const [command, ...args] = process.argv.slice(2);
if (!command)
  refuse(
    'bootstrap.mjs needs a command to run, got none; for example: node localstack/bootstrap.mjs vitest run',
  );
ensureDependencies();
run(command, args);

function ensureDependencies() {
  const wanted = lockHash();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  if (installedByNpm()) return writeFileSync(stamp, wanted);
  process.stderr.write('installing dependencies (npm ci) …\n');
  // npm's output goes to stderr: stdout belongs to the command (`npm run --silent local -- url` is one line).
  // The log level is explicit, because npm would inherit the caller's --silent and hide the reason of an
  // error.
  const npm = spawnSync('npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (npm.error)
    refuse(
      `npm could not be started (${npm.error.message}); install Node 20 or newer with npm, then try again`,
    );
  if (npm.status !== 0) {
    refuse(
      `npm ci ended with ${npm.signal ?? `code ${npm.status}`}, see the reason above; the dependencies are not installed. Check the network and the registry of npm, then try again`,
    );
  }
  writeFileSync(stamp, wanted);
}

function lockHash() {
  if (!existsSync(lock)) refuse('package-lock.json is missing; the project is run from a complete checkout');
  return createHash('sha256').update(readFileSync(lock)).digest('hex');
}

// A manual `npm install` does not write the stamp. npm's own record shows the installed versions: if they
// match the lock file, nothing has to be installed again.
function installedByNpm() {
  const record = join(modules, '.package-lock.json');
  if (!existsSync(record)) return false;
  const found = JSON.parse(readFileSync(record, 'utf8')).packages;
  const asked = Object.entries(JSON.parse(readFileSync(lock, 'utf8')).packages).filter(
    ([path]) => path !== '',
  );
  return asked.every(([path, { version, optional }]) =>
    found[path] ? found[path].version === version : optional,
  );
}

function run(command, args) {
  const path = [join(modules, '.bin'), process.env.PATH].join(delimiter);
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, PATH: path } });
  // A terminal sends Ctrl-C to the child too. A signal sent to this process only has to be forwarded.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => refuse(`'${command}' could not be started: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function refuse(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
