import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { developmentKey } from './development-key.ts';
import { PROJECT_ROOT } from './local-aws.ts';

// Everything that can change the deployment. Programs of users are excluded.
const FOLDERS = ['bin', 'lib', 'functions', 'clients', 'docs'];
const FILES = ['cdk.json', 'package-lock.json', 'tsconfig.json'];
const NOT_DEPLOYED = ['clients/cli', 'clients/scan'];

/** Returns a hash of all files that the deployed stack consists of, on this machine. */
export function deploymentInputs(root = PROJECT_ROOT): string {
  const hash = createHash('sha256').update(developmentKey().publicKey.kid);
  const excluded = NOT_DEPLOYED.map((folder) => join(root, folder, '/'));
  const files = [
    ...FOLDERS.flatMap((folder) => filesBelow(join(root, folder))),
    ...FILES.map((file) => join(root, file)),
  ]
    .filter((file) => existsSync(file) && !excluded.some((folder) => file.startsWith(folder)))
    .sort();
  for (const file of files) hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

// `globSync` of node:fs needs Node 22, and `jobtree dev` also starts on Node 20.
function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
