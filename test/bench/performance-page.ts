/** The table in docs/explanation/performance.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, release } from 'node:os';
import { projectFile } from '../../lib/own-code.ts';
import type { Row } from './row.ts';

const PAGE = projectFile('docs/explanation/performance.md');
const BEGIN = '<!-- The table is written by `npm run bench -- --write`. -->';
const END = '<!-- End of the table. -->';

/** Names the machine and Node, because all figures depend on them. */
export function machineName(): string {
  const processors = cpus();
  return `${processors.length} × ${processors[0]?.model.trim()}, ${platform()} ${release()} ${arch()}, Node ${process.version}`;
}

/** Replaces the table of the page. */
export function writePage(rows: readonly Row[]): void {
  const page = readFileSync(PAGE, 'utf8');
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${PAGE} does not have the lines around its table`);
  const date = new Date().toISOString().slice(0, 10);
  const text = `\nMeasured on ${date}: ${machineName()}.\n\n${tableOf(rows)}\n\n`;
  writeFileSync(PAGE, page.slice(0, begin + BEGIN.length) + text + page.slice(end));
}

function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ id, what, measured, reference, goal, isMet }) =>
      `| ${[id, what, measured, reference, goal, isMet ? 'yes' : 'no'].join(' | ')} |`,
  );
  return ['| | what | measured | compared with | goal | met |', '|---|---|---|---|---|---|', ...lines].join(
    '\n',
  );
}
