import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { developmentKey } from './development-key.ts';
import { PROJECT_ROOT } from './local-aws.ts';

// All that can change what is deployed. The scanner of folders only calls the API.
const SOURCES = [
  'bin/**',
  'lib/**',
  'functions/**',
  'clients/**',
  'cdk.json',
  'package-lock.json',
  'tsconfig.json',
];
const NOT_DEPLOYED = ['clients/scan/**'];

/** A hash of everything that the deployed stack is made of, on this machine. */
export function deploymentInputs(root = PROJECT_ROOT): string {
  const hash = createHash('sha256').update(developmentKey().publicKey.kid);
  const entries = globSync(SOURCES, { cwd: root, exclude: NOT_DEPLOYED, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}
