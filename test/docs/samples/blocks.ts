/** Reads the fenced blocks of the documentation. */
import { globSync, readFileSync } from 'node:fs';

export interface Block {
  readonly page: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  /** The word after the fence; empty if there is none. */
  readonly language: string;
  /** The lines between the fences, without the indentation of the fence. */
  readonly text: string;
}

/** Pages whose blocks are samples: README, the docs and the pages that they link to. */
export const PAGES = globSync([
  '*.md',
  'docs/**/*.md',
  'localstack/*.md',
  'clients/*/README.md',
  'test/*/README.md',
]).sort();

export function blocksOf(page: string): Block[] {
  const lines = readFileSync(page, 'utf8').split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const [, indent, language = ''] = /^( *)```(.*)$/.exec(lines[at] ?? '') ?? [];
    if (indent === undefined) continue;
    const end = lines.indexOf(`${indent}\`\`\``, at + 1);
    if (end < 0) throw new Error(`${page}:${at + 1}: the block has no end`);
    const text = lines.slice(at + 1, end).map((line) => line.slice(indent.length));
    blocks.push({ page, line: at + 1, language, text: `${text.join('\n')}\n` });
    at = end;
  }
  return blocks;
}
