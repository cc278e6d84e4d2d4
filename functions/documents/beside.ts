import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** A file of a package that is no code: it lies beside the bundle of a function, and in the package otherwise. */
export function readBeside(name: string, inPackage: string): Promise<Buffer<ArrayBuffer>> {
  const beside = fileURLToPath(new URL(name, import.meta.url));
  return readFile(existsSync(beside) ? beside : createRequire(import.meta.url).resolve(inPackage));
}
