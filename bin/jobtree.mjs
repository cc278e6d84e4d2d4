#!/usr/bin/env node
// Starts the command line. The package has it bundled in dist. In a checkout it runs from source with the
// Node of node_modules, which executes TypeScript, and installs the dependencies first. Plain JavaScript
// without package imports, because it runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const file = (path) => fileURLToPath(new URL(path, import.meta.url));
const source = file('../clients/cli/main.ts');

module.enableCompileCache?.();
if (!existsSync(source)) {
  await import('../dist/cli/main.js');
} else if (existsSync(file('../node_modules/.jobtree-lock')) && process.features.typescript === 'strip') {
  await import(source);
} else {
  runFromSource();
}

function runFromSource() {
  const installed = spawnSync(process.execPath, [file('../localstack/bootstrap.mjs'), 'node', '--version'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (installed.status !== 0) process.exit(1);
  const child = spawn(file('../node_modules/.bin/node'), [source, ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  // A terminal sends Ctrl-C to the child too. A signal sent to this process only has to be forwarded.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}
