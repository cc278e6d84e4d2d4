/** `jobtree/client` against a deployed service. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Job, Jobtree, NotAllowedError, NotFoundError } from 'jobtree/client';
import { beforeEach, expect, inject, test } from 'vitest';
import { freshPartition } from './rest.ts';

let jobtree: Jobtree;
beforeEach(() => {
  jobtree = new Jobtree({ url: inject('url'), token: () => inject('token'), partition: freshPartition() });
});

const rehearse = (size: number, parameters: Record<string, unknown>) => ({
  splitter: 'range',
  definition: { from: 0, to: size },
  worker: 'rehearse',
  parameters,
});

test('a job is watched to its end, its failures are read, and a retry completes it', async () => {
  const job = await jobtree.createJob({
    name: 'rehearsed',
    batch: rehearse(300, { failEvery: 100, failTimes: 1, millisPerItem: 20 }),
  });
  const views: Job[] = [];

  for await (const view of job.watch()) views.push(view);
  const failures = await job.failures({ pageSize: 2 }).toArray();
  const groups = await job.failureGroups().toArray();
  const retried = await job.retry();
  const final = await job.done({ timeout: 60_000 });

  expect(views.length).toBeGreaterThan(1);
  expect(views.map(({ percentageComplete }) => percentageComplete)).toEqual(
    views.map(({ percentageComplete }) => percentageComplete).sort((a, b) => a - b),
  );
  expect(views.at(-1)).toMatchObject({ status: 'Completed', items: { succeeded: 297, failed: 3 } });
  expect(failures.map(({ code }) => code)).toEqual(['rehearsed', 'rehearsed', 'rehearsed']);
  expect(groups).toMatchObject([{ count: 3, code: 'rehearsed' }]);
  expect(retried).toEqual({ itemsRetried: 3 });
  expect(final).toMatchObject({ run: 2, status: 'Completed', items: { succeeded: 300, failed: 0 } });
  expect(await job.items({ pageSize: 100 }).toArray()).toHaveLength(300);
  expect(await job.cost()).toMatchObject({ dollars: expect.any(Number) });
});

test('a file is uploaded from its path, as a Blob and as a stream, and results are downloaded', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jobtree-client-'));
  const path = join(folder, 'a.md');
  const text = '# A title\n\nSome words in the English language, written for this very test.';
  writeFileSync(path, text);
  const stream = new Blob([text]).stream();

  const uploads = [
    await jobtree.upload(path),
    await jobtree.upload(new Blob([text], { type: 'text/markdown' }), { filename: 'b.md' }),
    await jobtree.upload(stream, { filename: 'c.md', sizeBytes: text.length }),
  ];
  rmSync(folder, { recursive: true });
  const items = uploads.map(({ source }, index) => ({ id: `${index}`, source }));
  const job = await jobtree.createJob({
    batch: { splitter: 'items', definition: { items }, worker: 'extract-text' },
  });
  const final = await job.done({ timeout: 120_000 });

  expect(final, JSON.stringify(final.failures)).toMatchObject({
    status: 'Completed',
    items: { succeeded: 3 },
  });
  const texts = [];
  for await (const part of job.results()) texts.push(await (await jobtree.download(part)).text());
  expect(texts).toHaveLength(3);
  for (const extracted of texts) expect(extracted).toContain('written for this very test');
});

test('actions, lists and bulk actions reach the service', async () => {
  const held = await jobtree.createJob({ hold: true, batch: rehearse(1, {}) }, { id: 'a held job' });
  await jobtree.createJob({ hold: true, labels: { owner: "b'ob" }, batch: rehearse(1, {}) });

  await held.edit({ labels: { owner: 'eve' } });
  await held.resume();
  await held.done({ timeout: 60_000 });
  const cancelled = await jobtree.cancelJobs({ labels: { owner: "b'ob" } });
  const list = await jobtree.jobs({ sort: 'createTime:asc' }).toArray();
  await jobtree.deleteJobs({ all: true });

  expect(cancelled.jobs).toBe(1);
  expect(list.map(({ status }) => status)).toEqual(['Completed', 'Cancelled']);
  expect(await jobtree.countJobs()).toBe(0);
});

test('problems are typed errors', async () => {
  const missing = await jobtree
    .job('missing')
    .get()
    .catch((error: unknown) => error);
  const forged = new Jobtree({ url: inject('url'), token: 'none', partition: 'p' });
  const refused = await forged
    .jobs()
    .toArray()
    .catch((error: unknown) => error);

  expect(missing).toBeInstanceOf(NotFoundError);
  expect(missing).toMatchObject({ code: 'not-found', requestId: expect.stringMatching(/./) });
  expect(refused).toBeInstanceOf(NotAllowedError);
});
