/** The user's folder with profiles and credentials. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { CliError } from '../errors.ts';

/** Returns `JOBTREE_CONFIG_DIR`, or the folder `jobtree` of the user's configuration. */
export function configFolder(env: NodeJS.ProcessEnv): string {
  const base = env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config');
  return env['JOBTREE_CONFIG_DIR'] || join(base, 'jobtree');
}

/** Returns the content of a JSON file, or `undefined` if it does not exist. */
export function readJson<T>(file: string): T | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new CliError(`${file} cannot be read (${(error as Error).message})`, { cause: error });
  }
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw new CliError(`${file} is not valid JSON`, {
      hint: 'Correct the file, or delete it and sign in again with jobtree login.',
      cause: error,
    });
  }
}

/** Replaces a file at once, so that a concurrent command never reads half of it. Only the user may read it. */
export function writeJson(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}
