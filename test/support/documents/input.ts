import { readFileSync } from 'node:fs';

/** A small file as another program wrote it, rebuilt from a public report. */
export function input(name: string): Buffer {
  return readFileSync(new URL(`inputs/${name}`, import.meta.url));
}
