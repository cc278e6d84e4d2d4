/** A shell in which `npm run local` finds the emulator of these tests. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { KEY_FILE } from '../../localstack/development-key.ts';
import { Shell } from '../support/shell.ts';

/** Programs that replace others, by name. */
type Programs = Readonly<Record<string, string>>;

export function checkoutShell(env: Readonly<Record<string, string>>, programs: Programs = {}): Shell {
  const shell = new Shell({ AWS_ENDPOINT_URL: inject('endpoint'), ...env }, programs);
  const state = join(shell.folder, '.jobtree');
  mkdirSync(state);
  symlinkSync(KEY_FILE, join(state, 'development-key.json'));
  symlinkSync(inject('stateDir'), join(state, 'ministack'));
  shell.addProgram('npm', npmOnce(shell.folder));
  return shell;
}

/** Runs each npm command once, and prints its output again afterwards: it takes a second, and pages repeat it. */
function npmOnce(folder: string): string {
  const npm = execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim();
  return `
output="${folder}/.bin/npm-$(echo "$*" | cksum | cut -d ' ' -f 1)"
[ -f "$output" ] || { ${npm} "$@" > "$output.new" && mv "$output.new" "$output"; } && cat "$output"`;
}
