import { describe, expect, test } from 'vitest';
import {
  findMistakes,
  type JobOutcome,
  jobReport,
  jobSummary,
} from '../../../localstack/sample/job-report.ts';

const PREFIX = 'samples/documents/';
const EXPECTED = { documents: 3, broken: `${PREFIX}broken.pdf` };
const FAILURE = {
  failureId: 'root/3',
  failureTime: 1,
  failureSource: '0:3',
  failureMessage: 'not a readable PDF',
  code: 'unreadable',
  attempts: 3,
};
const OUTCOME: JobOutcome = {
  job: {
    id: 'extract-1',
    status: 'Completed',
    percentageComplete: 100,
    items: { found: 3, succeeded: 2, failed: 1, skipped: 0, sealed: true },
  },
  items: [
    {
      id: `${PREFIX}a.md`,
      outcome: 'succeeded',
      output: { type: 'text/markdown', words: 12, language: 'en' },
    },
    {
      id: `${PREFIX}b.html`,
      outcome: 'succeeded',
      output: { type: 'text/html', words: 345, language: 'en' },
    },
    { id: `${PREFIX}broken.pdf`, outcome: 'failed', failure: FAILURE },
  ],
  failures: [FAILURE],
  seconds: 1.234,
};

describe('findMistakes', () => {
  test('finds no mistake if every document ended once and the broken one failed', () => {
    expect(findMistakes(OUTCOME, EXPECTED)).toEqual([]);
  });

  test('finds a lost item', () => {
    const outcome = { ...OUTCOME, items: OUTCOME.items.slice(1) };

    expect(findMistakes(outcome, EXPECTED)).toEqual([
      'items listed: 2, expected 3',
      'distinct items listed: 2, expected 3',
    ]);
  });

  test('finds an item listed twice in place of another', () => {
    const [first, , last] = OUTCOME.items;
    const outcome = { ...OUTCOME, items: [first, first, last].filter((item) => item !== undefined) };

    expect(findMistakes(outcome, EXPECTED)).toEqual(['distinct items listed: 2, expected 3']);
  });

  test('finds a broken document that passed, and a job that did not complete', () => {
    const items = OUTCOME.items.map((item) => ({ ...item, outcome: 'succeeded' as const }));
    const job = {
      ...OUTCOME.job,
      status: 'Failed' as const,
      items: { found: 3, succeeded: 3, failed: 0, skipped: 0, sealed: true },
    };

    expect(findMistakes({ ...OUTCOME, job, items, failures: [] }, EXPECTED)).toEqual([
      'status of the job: Failed, expected Completed',
      `outcome of ${EXPECTED.broken}: succeeded, expected failed`,
    ]);
  });
});

test('the summary has the six values that scripts read', () => {
  expect(jobSummary(OUTCOME)).toEqual({
    job: 'extract-1',
    status: 'Completed',
    items: 3,
    succeeded: 2,
    failed: 1,
    seconds: 1.2,
  });
});

test('the report lists the longest documents first, the languages, and failures with reasons', () => {
  const lines = jobReport(OUTCOME, PREFIX)
    .split('\n')
    .map((line) => line.trim().replaceAll(/ +/g, ' '));

  expect(lines).toEqual([
    'extract-1: Completed after 1.2 s, 2.4 items/s',
    'items 3 succeeded 2 failed 1',
    '',
    ...['longest documents', 'b.html 345 words', 'a.md 12 words', 'broken.pdf 0 words', ''],
    ...['languages', 'en 2', ''],
    ...['types', 'text/markdown 1', 'text/html 1', ''],
    ...['failures', 'broken.pdf: not a readable PDF', ''],
  ]);
});
