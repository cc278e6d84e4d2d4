/** The files and the job of docs/tutorials/first-worker.md, verbatim. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { blocksOf } from '../docs/samples/blocks.ts';

const PAGE = 'docs/tutorials/first-worker.md';

/** Writes the code blocks, each of which begins with its file name. Returns the names. */
export function writeTutorial(app: string): string[] {
  const files = blocksOf(PAGE).flatMap(({ language, text }) => {
    if (language !== 'ts' && language !== 'js') return [];
    const name = /^\/\/ (\S+)\n/.exec(text)?.[1];
    if (name === undefined)
      throw new Error(`a block of ${PAGE} does not begin with the name of its file: ${text}`);
    mkdirSync(dirname(join(app, name)), { recursive: true });
    writeFileSync(join(app, name), text);
    return [name];
  });
  return files;
}

/** Returns the request of the tutorial. */
export function tutorialJob(): unknown {
  const block = blocksOf(PAGE).find(({ language }) => language === 'json');
  return JSON.parse(block?.text ?? '');
}
