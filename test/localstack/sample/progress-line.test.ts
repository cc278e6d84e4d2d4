import { describe, expect, test } from 'vitest';
import type { FollowedJob } from '../../../localstack/sample/job-api.ts';
import { ProgressLine, progressText } from '../../../localstack/sample/progress-line.ts';

const START = 1_000_000;
const RUNNING: FollowedJob = {
  id: 'a1',
  status: 'Active',
  percentageComplete: 42.5,
  items: { found: 800, succeeded: 330, failed: 10, skipped: 0, sealed: true },
  estimatedEndTime: START + 12_400,
};

describe('progressText', () => {
  test('shows percent, items, rate, failures and the time left', () => {
    expect(progressText(RUNNING, START + 4000, START)).toBe(
      'Active     42.50 %  340 of 800 items  85.0/s  10 failed  about 9 s left',
    );
  });

  test('omits the time if the API returns none, and never divides by zero', () => {
    const { estimatedEndTime, ...unknown } = RUNNING;

    const text = progressText(
      { ...unknown, items: { found: 0, succeeded: 0, failed: 0, skipped: 0, sealed: false } },
      START,
      START,
    );

    expect(estimatedEndTime).toBeDefined();
    expect(text).toBe('Active     42.50 %  0 of 0 items  0.0/s  0 failed');
  });

  test('never shows a negative time when the estimate has passed', () => {
    expect(progressText(RUNNING, START + 60_000, START)).toContain('about 0 s left');
  });
});

describe('ProgressLine', () => {
  test('rewrites one line on a terminal, cut to its width', () => {
    const { written, output } = record({ isTTY: true, columns: 20 });
    const line = new ProgressLine(output, START);

    line.show(RUNNING, START + 4000);
    line.show(RUNNING, START + 5000);
    line.end();

    expect(written).toEqual(['\r\u001b[KActive     42.50 % ', '\r\u001b[KActive     42.50 % ', '\n']);
  });

  test('otherwise writes one line per change', () => {
    const { written, output } = record({});
    const line = new ProgressLine(output, START);

    line.show(RUNNING, START + 4000);
    line.show(RUNNING, START + 5000);
    line.show({ ...RUNNING, percentageComplete: 43 }, START + 6000);
    line.end();

    expect(written).toHaveLength(2);
    expect(written[1]).toMatch(/^Active {5}43\.00 % .*\n$/);
  });
});

function record(terminal: { isTTY?: boolean; columns?: number }) {
  const written: string[] = [];
  return { written, output: { ...terminal, write: (text: string) => written.push(text) } };
}
