import { describe, expect, test } from 'vitest';
import { call, finished, freshPartition, jobPath, pages, upload } from './rest.ts';

async function rehearse(batch: Record<string, unknown>, size = 100) {
  const path = jobPath(freshPartition(), 'job');
  const created = await call('PUT', path, {
    body: { batch: { splitter: 'range', definition: { from: 0, to: size }, worker: 'rehearse', ...batch } },
  });
  expect(created.status, JSON.stringify(created.body)).toBe(201);
  return { path, job: await finished(path) };
}

describe('failed items', () => {
  test('are listed with their reasons, and the job completes', async () => {
    const { path, job } = await rehearse({ parameters: { failEvery: 10 } });
    const failures = await pages(`${path}/failures?limit=3`);
    const failed = await pages(`${path}/items?outcome=failed&limit=4`);

    expect(job).toMatchObject({ status: 'Completed', items: { found: 100, succeeded: 90, failed: 10 } });
    expect(failures).toHaveLength(10);
    expect(failures[0]).toMatchObject({
      code: 'rehearsed',
      failureMessage: expect.stringMatching(/fails as rehearsed/),
    });
    expect(job.failures).toHaveLength(10);
    expect(failed.map(({ id }) => Number(id)).sort((a, b) => a - b)).toEqual([
      0, 10, 20, 30, 40, 50, 60, 70, 80, 90,
    ]);
  });

  test('that may succeed later are tried again, and say how often', async () => {
    const { path, job } = await rehearse({
      parameters: { failItems: ['3', '77'], failure: 'retryable', failTimes: 2 },
    });
    const items = await pages(`${path}/items?limit=1000`);

    expect(job).toMatchObject({ status: 'Completed', items: { succeeded: 100, failed: 0 } });
    expect(
      items
        .filter(({ attempts }) => attempts === 3)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['3', '77']);
  });

  test('fail the job at its end under failAtEnd, and at once under failFast', async () => {
    const atEnd = await rehearse({ onItemFailure: 'failAtEnd', parameters: { failItems: ['5'] } });
    const atOnce = await rehearse({ onItemFailure: 'failFast', parameters: { failEvery: 1 } });

    expect(atEnd.job).toMatchObject({ status: 'Failed', items: { succeeded: 99, failed: 1 } });
    expect(atOnce.job.status).toBe('Failed');
  });
});

test('a source that does not exist fails the job and explains what to do', async () => {
  const { job } = await rehearse({ splitter: 'lines', definition: { source: 'upload:nothing' } });

  expect(job.status).toBe('Failed');
  expect(job.failures[0]).toMatchObject({
    code: 'source-missing',
    failureMessage: expect.stringMatching(/upload it first/i),
  });
});

test('documents are read, and a broken one fails alone', async () => {
  const partition = freshPartition();
  const path = jobPath(partition, 'documents');
  const good = await upload(
    partition,
    '# A title\n\nSome words in the English language, written for this very test.',
    'a.md',
  );
  const broken = await upload(partition, '%PDF-1.7\nnothing of a PDF follows', 'b.pdf');

  await call('PUT', path, {
    body: {
      batch: {
        splitter: 'items',
        definition: {
          items: [
            { id: 'good', source: good },
            { id: 'broken', source: broken },
          ],
        },
        worker: 'extract-text',
      },
    },
  });
  const job = await finished(path);
  const items = await pages(`${path}/items`);
  const [part] = (await call('GET', `${path}/result`)).body;
  const text = await (await fetch(part.url)).text();

  expect(job).toMatchObject({ status: 'Completed', items: { succeeded: 1, failed: 1 } });
  expect(items.find(({ id }) => id === 'good').output).toMatchObject({
    language: 'en',
    words: expect.any(Number),
  });
  expect(items.find(({ id }) => id === 'broken').failure).toMatchObject({ code: 'document-broken' });
  expect(text).toContain('written for this very test');
});
