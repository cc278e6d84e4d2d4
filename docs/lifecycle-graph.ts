import { FINAL_STATUSES, JOB_MOVES, TRANSITIONS } from '#core/job-status.ts';

/** Returns the graph of all transitions in Mermaid. */
function lifecycleGraph(): string {
  const lines = ['stateDiagram-v2', '    [*] --> Waiting: create'];
  for (const move of JOB_MOVES) {
    const { from, to } = TRANSITIONS[move];
    for (const status of from) lines.push(`    ${status} --> ${to}: ${move}`);
  }
  for (const status of FINAL_STATUSES) lines.push(`    ${status} --> [*]: delete, retention`);
  return lines.join('\n');
}

const START = '```mermaid\n';
const END = '```';

/** Returns the page with the current graph. */
export function withLifecycleGraph(page: string): string {
  const begin = page.indexOf(START) + START.length;
  const end = page.indexOf(END, begin);
  if (begin < START.length || end < 0)
    throw new Error('docs/explanation/job-lifecycle.md has no mermaid block for the graph');
  return `${page.slice(0, begin)}${lifecycleGraph()}\n${page.slice(end)}`;
}
