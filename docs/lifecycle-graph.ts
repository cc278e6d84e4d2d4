import { FINAL_STATUSES, JOB_MOVES, TRANSITIONS } from '#core/job-status.ts';

/** The graph of all transitions, in Mermaid, as `docs/explanation/job-lifecycle.md` shows it. */
function lifecycleGraph(): string {
  const lines = ['stateDiagram-v2', '    [*] --> Waiting: create'];
  for (const move of JOB_MOVES) {
    const { from, to } = TRANSITIONS[move];
    for (const status of from) lines.push(`    ${status} --> ${to}: ${move}`);
  }
  for (const status of FINAL_STATUSES) lines.push(`    ${status} --> [*]: delete, retention`);
  return lines.join('\n');
}

const BEGIN = '```mermaid\n';
const END = '```';

/** The page with its graph brought up to date. */
export function withLifecycleGraph(page: string): string {
  const begin = page.indexOf(BEGIN) + BEGIN.length;
  const end = page.indexOf(END, begin);
  if (begin < BEGIN.length || end < 0)
    throw new Error('docs/explanation/job-lifecycle.md has no mermaid block for the graph');
  return `${page.slice(0, begin)}${lifecycleGraph()}\n${page.slice(end)}`;
}
