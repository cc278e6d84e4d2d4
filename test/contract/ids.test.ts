import { expect, test } from 'vitest';
import { idProblem } from '#contract/ids.ts';

test.each(['a', ' ', 'a b', '100%', 'a+b', '#', 'ü', '😀', '__proto__', '-', '_', '"', '\\', "'", '[x]'])(
  '%j can be an id',
  (id) => {
    expect([idProblem('job', id), idProblem('partition', id)]).toEqual([undefined, undefined]);
  },
);

test.each([...'.,:;*?!|()/', '\n', '\t', '\u0000', '\u007f', '\u009f', '\ud800', '\ufffd'])(
  'no id holds %j',
  (character) => {
    expect(idProblem('job', `a${character}b`)).toContain('not allowed');
    expect(idProblem('partition', character)).toContain('not allowed');
  },
);

test('the lengths are those of the contract', () => {
  expect(idProblem('job', '')).toContain('empty');
  expect(idProblem('job', 'x'.repeat(48))).toBeUndefined();
  expect(idProblem('job', 'x'.repeat(49))).toContain('at most 48');
  expect(idProblem('partition', 'x'.repeat(40))).toBeUndefined();
  expect(idProblem('partition', 'x'.repeat(41))).toContain('at most 40');
});

test('the longest ids fit the key of an object', () => {
  const widest = { partition: '\uffff'.repeat(40), job: '\uffff'.repeat(48) };
  const bytes = encodeURIComponent(widest.partition).length + encodeURIComponent(widest.job).length;

  expect([idProblem('job', widest.job), idProblem('partition', widest.partition)]).toEqual([
    undefined,
    undefined,
  ]);
  // S3 allows 1,024; the rest is for the area, the run number, the task path and the name.
  expect(bytes).toBeLessThanOrEqual(800);
});
