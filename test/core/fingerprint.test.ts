import { describe, expect, test } from 'vitest';
import { fingerprintOf, groupFailures, messagePattern } from '#core/fingerprint.ts';
import type { Failure } from '#core/job.ts';

function aFailure(failureMessage: string, item = 'i', more: Partial<Failure> = {}): Failure {
  return {
    failureId: `root/0/${item}`,
    failureTime: 5,
    failureSource: `batch root, chunk 0, item ${item}`,
    failureMessage,
    code: 'broken',
    attempts: 1,
    ...more,
  };
}

describe('the pattern of a message', () => {
  test.each([
    ['row 17 has 3 fields, 4 are expected', 'i', 'row # has # fields, # are expected'],
    ['no user 5f0c2e1a-9b1d-4c39-8a55-0f1e2d3c4b5a', 'i', 'no user #'],
    ['cannot read docs/äpfel.pdf: not a PDF', 'docs/äpfel.pdf', 'cannot read <item>: not a PDF'],
    ['a is not a number', 'a', '<item> is not <item> number'],
    ['a failure', 'fail', 'a failure'],
    ['wrong (x+y)* here', '(x+y)*', 'wrong <item> here'],
    ['at 2026-11-22T10:00:00Z\n  late', 'i', 'at #:#:# late'],
  ])('of «%s» of item «%s»', (message, item, pattern) => {
    expect(messagePattern(aFailure(message, item))).toBe(pattern);
  });

  test('is computed quickly even for the worst messages', () => {
    const started = performance.now();

    messagePattern(aFailure(`${'a'.repeat(499)}!`, 'a'.repeat(150)));

    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('a fingerprint', () => {
  test('is the same for the same failure of different items, and different for another code', () => {
    const of = (...given: Parameters<typeof aFailure>) => fingerprintOf(aFailure(...given));

    expect(of('item a: no', 'a')).toBe(of('item b: no', 'b'));
    expect(of('HTTP 500 after 31 ms')).toBe(of('HTTP 500 after 7 ms'));
    expect(of('no', 'a', { code: 'x' })).not.toBe(of('no', 'a', { code: 'y' }));
    expect(of('no')).not.toBe(of('yes'));
  });
});

test('groups are counted, the largest first, with the first as example', () => {
  const failures = [
    aFailure('rare', 'z', { failureTime: 9 }),
    ...Array.from({ length: 3 }, (_, i) => aFailure(`row ${i} is bad`, `i${i}`, { failureTime: 10 - i })),
  ];

  const groups = groupFailures(failures);

  expect(groups.map(({ count, message }) => [count, message])).toEqual([
    [3, 'row # is bad'],
    [1, 'rare'],
  ]);
  expect(groups[0]).toMatchObject({ firstTime: 8, lastTime: 10, code: 'broken', example: failures[1] });
  expect(groupFailures([])).toEqual([]);
});
