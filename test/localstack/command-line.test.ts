import { expect, test } from 'vitest';
import { parseCommandLine } from '../../localstack/command-line.ts';
import { LocalRefusal } from '../../localstack/local-refusal.ts';

const OPTIONS = { once: { type: 'boolean', default: false } } as const;
const parsed = (...args: string[]) => parseCommandLine({ args, options: OPTIONS }, 'npm start [-- --once]');

test('allowed options are parsed', () => {
  expect(parsed('--once').values).toEqual({ once: true });
  expect(parsed().values).toEqual({ once: false });
});

test.each([['--twice'], ['more'], ['--once=yes']])('%s is refused with the usage', (word) => {
  expect(() => parsed(word)).toThrow(LocalRefusal);
  expect(() => parsed(word)).toThrow(/; allowed:\n {2}npm start \[-- --once\]$/);
});
