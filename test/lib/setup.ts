/** Provides one folder for everything that the stack tests synthesize, and removes it after the last test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    synthFolder: string;
  }
}

export function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'jobtree-lib-'));
  project.provide('synthFolder', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
