import { describe, expect, test } from 'vitest';
import type { FollowedJob } from '../../../localstack/sample/job-api.ts';
import { dossiersOf, mergeSummary, reportMerge } from '../../../localstack/sample/merge-job.ts';

const document = (path: string, contentType = 'text/plain') => ({
  path,
  contentType,
  read: () => Buffer.from(path),
});

describe('dossiers', () => {
  test('are folders with at least two documents, those with a PDF first', () => {
    const documents = ['a/1', 'a/2', 'alone/1', 'b/1', 'b/2', 'b/3', 'b/4', 'b/5'].map((path) =>
      document(path),
    );
    const withPdf = [document('z/1.pdf', 'application/pdf'), document('z/2')];

    const dossiers = dossiersOf([...documents, ...withPdf]);

    expect(dossiers.map(({ id, documents: own }) => [id, own.map(({ path }) => path)])).toEqual([
      ['z', ['z/1.pdf', 'z/2']],
      ['a', ['a/1', 'a/2']],
      ['b', ['b/1', 'b/2', 'b/3', 'b/4']],
    ]);
  });
});

describe('the report of the merge job', () => {
  const dossiers = dossiersOf(['a/1', 'a/2', 'b/1', 'b/2'].map((path) => document(path)));
  const job: FollowedJob = {
    id: 'merge',
    status: 'Completed',
    percentageComplete: 100,
    items: { found: 2, succeeded: 2, failed: 0, skipped: 0, sealed: true },
  };

  test('is correct if each dossier became a PDF', () => {
    const outcome = {
      job,
      seconds: 2,
      failed: [],
      pdfs: [
        { id: 'a', pages: 3 },
        { id: 'b', pages: 4 },
      ],
    };

    const { text, isRight } = reportMerge(outcome, dossiers);

    expect(isRight).toBe(true);
    expect(text).toContain('4 documents became 2 PDFs with 7 pages');
    expect(mergeSummary(outcome)).toMatchObject({ items: 2, succeeded: 2, pages: 7, seconds: 2 });
  });

  test.each([
    ['a PDF is missing', [{ id: 'a', pages: 3 }], /WRONG merged PDFs: 1, expected 2/],
    [
      'one has no page',
      [
        { id: 'a', pages: 3 },
        { id: 'b', pages: 0 },
      ],
      /WRONG PDFs without a page: 1/,
    ],
  ])('reports the mistake if %s', (_case, pdfs, wrong) => {
    const { text, isRight } = reportMerge({ job, seconds: 2, pdfs, failed: [] }, dossiers);

    expect(isRight).toBe(false);
    expect(text).toMatch(wrong);
  });

  test('reports a merge that failed although its documents are readable, with the reason', () => {
    const outcome = {
      job: { ...job, items: { ...job.items, succeeded: 1, failed: 1 } },
      seconds: 2,
      pdfs: [{ id: 'a', pages: 3 }],
      failed: [{ id: 'b', reason: '__dirname is not defined' }],
    };

    const { text, isRight } = reportMerge(outcome, dossiers);

    expect(isRight).toBe(false);
    expect(text).toContain('WRONG failed merges of readable documents: 1, expected 0');
    expect(text).toContain('b: __dirname is not defined');
    expect(reportMerge(outcome, dossiers, new Set(['b/2'])).isRight).toBe(true);
    expect(reportMerge(outcome, dossiers, new Set(['a/1'])).isRight).toBe(false);
  });
});
