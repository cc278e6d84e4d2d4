import { describe, expect, test } from 'vitest';
import { rateLimits } from '#contract/rate-limits.ts';
import { allRateLimits, rateLimitsFromContext } from '../../lib/rate-limits.ts';
import { synthesize } from './synthesized.ts';

test('the API has its limits next to its code', () => {
  const partitions = { p1: { requestsPerSecond: 0.5, burst: 10 } };

  const synthesized = synthesize({ rateLimits: { burst: 50, partitions }, maxUploadBytes: 1_000 });

  const limits = rateLimits.parse(JSON.parse(synthesized.file('jobs-api', 'limits.json').toString()));
  expect(limits).toEqual({ requestsPerSecond: 100, burst: 50, partitions });
  synthesized.template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { JOBTREE_MAX_UPLOAD_BYTES: '1000' } },
  });
});

describe('limits', () => {
  test('are generous by default', () => {
    expect(allRateLimits({})).toEqual({ requestsPerSecond: 100, burst: 500, partitions: {} });
  });

  test.each([
    [{ burst: 9 }, 'rateLimits.burst'],
    [{ requestsPerSecond: 0 }, 'rateLimits.requestsPerSecond'],
    [{ requestsPerSecond: 2_000 }, 'rateLimits.requestsPerSecond'],
    [{ partitions: { p1: { requestsPerSecond: 1, burst: 1.5 } } }, 'rateLimits.partitions.p1.burst'],
    [{ partitions: { 'a.b': { requestsPerSecond: 1, burst: 10 } } }, 'rateLimits: '],
  ])('that no bucket could keep are refused: %j', (props, words) => {
    expect(() => allRateLimits(props)).toThrow(words);
  });

  test('for all partitions and for single ones are read from the command line', () => {
    expect(rateLimitsFromContext(['*@50/200', 'p1@0.5/10', 'a@b@1/20'])).toEqual({
      requestsPerSecond: 50,
      burst: 200,
      partitions: { p1: { requestsPerSecond: 0.5, burst: 10 }, 'a@b': { requestsPerSecond: 1, burst: 20 } },
    });
    expect(rateLimitsFromContext([])).toEqual({ partitions: {} });
  });

  test.each(['p1', 'p1@5', '@5/10', 'p1@5/10/2x', 'p1@-5/10'])('as %s are refused', (entry) => {
    expect(() => rateLimitsFromContext([entry])).toThrow(`rateLimits has '${entry}'; each entry is`);
  });
});

test.each([0, 1.5, 5 * 1024 ** 3 + 1])('%d bytes are not a valid upload limit', (maxUploadBytes) => {
  expect(() => synthesize({ maxUploadBytes })).toThrow(
    `maxUploadBytes is ${maxUploadBytes}; a whole number from 1 to`,
  );
});
