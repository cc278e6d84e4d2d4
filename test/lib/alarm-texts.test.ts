import { describe, expect, test, vi } from 'vitest';
import { jsonLog } from '../../functions/aws/runtime.ts';
import { synthesize } from './synthesized.ts';

const synthesized = synthesize();
const descriptions = synthesized
  .ofType('AWS::CloudWatch::Alarm')
  .map(([, { Properties }]): string => Properties['AlarmDescription']);

type Line = Readonly<Record<string, unknown>>;
type Log = ReturnType<typeof jsonLog>;

/** Returns the log line of a deployed function. */
function lineOf(write: (log: Log) => void): Line {
  const spy = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    write(jsonLog({ function: 'track-results' }));
    return JSON.parse(String(spy.mock.calls[0]?.[0]));
  } finally {
    spy.mockRestore();
  }
}

/** Evaluates the one form of a CloudWatch filter pattern that alarm descriptions use. */
function matches(pattern: string, line: Line): boolean {
  const [, field] = /^\{ \$\.(\w+) IS TRUE \}$/.exec(pattern) ?? [];
  if (field === undefined) throw new Error(`not a filter pattern that this test can read: '${pattern}'`);
  return line[field] === true;
}

describe('the description of the alarm on logged alarms', () => {
  const patterns = descriptions.flatMap((text) => text.match(/\{ .*? \}/g) ?? []);

  test('holds a filter pattern that finds a logged alarm, and no other line', () => {
    const [pattern = ''] = patterns;

    expect(patterns).toHaveLength(1);
    expect(
      matches(
        pattern,
        lineOf((log) => log.alarm('node sealed twice')),
      ),
    ).toBe(true);
    expect(
      matches(
        pattern,
        lineOf((log) => log.warn('chunk could not be settled')),
      ),
    ).toBe(false);
    expect(
      matches(
        pattern,
        lineOf((log) => log.info('job ended')),
      ),
    ).toBe(false);
  });

  test('holds the filter pattern that the metric of the alarm counts by', () => {
    const filters = synthesized
      .ofType('AWS::Logs::MetricFilter')
      .map(([, { Properties }]) => Properties['FilterPattern']);

    expect(new Set(filters)).toEqual(new Set(patterns));
  });
});

test('descriptions of alarms name only functions that the stack has', () => {
  const named = descriptions.flatMap((text) => /log of ([a-z-]+)/.exec(text)?.[1] ?? []);

  expect(named).not.toEqual([]);
  for (const name of named) expect([...synthesized.functions.keys()]).toContain(name);
});
