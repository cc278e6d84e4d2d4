/** Archives as other programs open them. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromBufferPromise } from 'yauzl';
import { findPython } from '../../localstack/emulator/python.ts';

/** Names and contents, in their order. */
export async function byYauzl(zip: Buffer): Promise<[string, Buffer][]> {
  const entries: [string, Buffer][] = [];
  const opened = await fromBufferPromise(zip);
  for await (const entry of opened.eachEntry()) {
    const pieces: Buffer[] = [];
    for await (const piece of await opened.openReadStreamPromise(entry)) pieces.push(piece);
    entries.push([entry.fileName, Buffer.concat(pieces)]);
  }
  return entries;
}

/** Name and SHA-256 of each entry, in their order; every checksum of the archive is looked at. */
export async function byPython(zip: Buffer): Promise<[string, string][]> {
  const python = await findPython();
  const folder = mkdtempSync(join(tmpdir(), 'jobtree-zip-'));
  const path = join(folder, 'opened.zip');
  writeFileSync(path, zip);
  const program = [
    'import hashlib, json, sys, zipfile',
    'z = zipfile.ZipFile(sys.argv[1])',
    'assert z.testzip() is None',
    'print(json.dumps([[n, hashlib.sha256(z.read(n)).hexdigest()] for n in z.namelist()]))',
  ].join('\n');
  try {
    return JSON.parse(execFileSync(python, ['-c', program, path], { encoding: 'utf8' }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
