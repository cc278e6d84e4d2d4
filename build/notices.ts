import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFile } from '../lib/own-code.ts';

/** Writes the licenses of all packages whose code is in the bundles. */
export function writeNotices(sources: readonly string[]): void {
  const folders = new Set(
    sources.flatMap((source) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1] ?? []),
  );
  const notices = [...folders].sort().map(noticeOf);
  writeFileSync(projectFile('dist/THIRD-PARTY-NOTICES.txt'), notices.join(`\n${'-'.repeat(80)}\n\n`));
}

function noticeOf(folder: string): string {
  const path = projectFile(folder);
  const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  const [file] = globSync('{LICENSE,LICENCE,license,License}*', { cwd: path });
  const text = file === undefined ? '' : `\n${readFileSync(join(path, file), 'utf8').trim()}\n`;
  return `${name} ${version} (${typeof license === 'string' ? license : 'see its package'})\n${text}`;
}
