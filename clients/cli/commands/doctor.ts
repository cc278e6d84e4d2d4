import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { type Check, checkService } from '../health-checks.ts';
import type { Column } from '../output/table.ts';

const MARKS = { ok: '✓', warning: '!', failed: '✗' } as const;
const COLORS = { ok: 'green', warning: 'yellow', failed: 'red' } as const;

export async function run(context: Context): Promise<ExitCode> {
  const { output } = context;
  const checks = await checkService(context);
  const columns: Column<Check>[] = [
    {
      title: '',
      value: ({ state }) => MARKS[state],
      plain: ({ state }) => state,
      paint: (text, { state }) => output.paint(text, COLORS[state]),
    },
    { title: 'CHECK', value: ({ name }) => name },
    { title: 'FOUND', value: ({ found }) => found, isFlexible: true },
    { title: 'DO', value: ({ next }) => next, isFlexible: true },
  ];
  if (output.isForPeople) {
    for (const { name, state, found, next } of checks) {
      await output.line(`${output.paint(MARKS[state], COLORS[state])} ${name}: ${found}`);
      if (next !== undefined) await output.line(`    ${next}`);
    }
  } else await output.list(checks, columns, '');
  return checks.some(({ state }) => state === 'failed') ? EXIT.failed : EXIT.ok;
}
