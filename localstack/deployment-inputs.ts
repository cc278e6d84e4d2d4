import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { developmentKey } from './development-key.ts';
import { PROJECT_ROOT } from './local-aws.ts';

// Everything that can change the deployment. Programs of users are excluded.
const SOURCES = [
  'bin/**',
  'lib/**',
  'functions/**',
  'clients/**',
  'docs/**',
  'cdk.json',
  'package-lock.json',
  'tsconfig.json',
];
const NOT_DEPLOYED = ['clients/cli/**', 'clients/scan/**'];

/** Returns a hash of all files that the deployed stack consists of, on this machine. */
export function deploymentInputs(root = PROJECT_ROOT): string {
  const hash = createHash('sha256').update(developmentKey().publicKey.kid);
  const entries = globSync(SOURCES, { cwd: root, exclude: NOT_DEPLOYED, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}
