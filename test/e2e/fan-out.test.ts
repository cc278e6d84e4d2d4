import { readFileSync } from 'node:fs';
import { describe, expect, inject, test } from 'vitest';
import { call, finished, freshPartition, jobPath, pages, upload } from './rest.ts';

const dataset = (name: string) => readFileSync(`node_modules/vega-datasets/data/${name}`);

async function runJob(partition: string, batch: Record<string, unknown>, deadlineSeconds?: number) {
  const path = jobPath(partition, 'job');
  const created = await call('PUT', path, { body: { name: 'fan-out', batch } });
  expect(created.status, JSON.stringify(created.body)).toBe(201);
  return { path, job: await finished(path, deadlineSeconds) };
}

describe('a table', () => {
  test.each([
    { name: 'zipcodes.csv', rows: 42_049, rangeBytes: 262_144 },
    { name: 'airports.csv', rows: 3_376, rangeBytes: 16_384 },
  ])('$name is split into rows, each exactly once, from byte ranges', async ({ name, rows, rangeBytes }) => {
    const partition = freshPartition();
    const source = await upload(partition, dataset(name), name);

    const { path, job } = await runJob(
      partition,
      {
        splitter: 'lines',
        definition: { source, format: 'csv', rangeBytes },
        worker: 'rehearse',
        itemsPerTask: 100,
      },
      120,
    );
    const items = await pages(`${path}/items?limit=1000`);

    expect(job).toMatchObject({ status: 'Completed', percentageComplete: 100 });
    expect(job.items).toMatchObject({ found: rows, succeeded: rows, failed: 0, skipped: 0, sealed: true });
    expect(items).toHaveLength(rows);
    const expected = dataset(name).toString().trimEnd().split(/\r?\n/);
    expect(new Set(items.map(({ id }) => id)).size).toBe(rows);
    const firstFields = expected.slice(1).map((line) => line.split(',')[0]?.replaceAll('"', ''));
    expect(items.map(({ output }) => Object.values(output)[0]).sort()).toEqual(firstFields.sort());
  });
});

test('a prefix of unknown size is listed page by page', async () => {
  const partition = freshPartition();
  const names = Array.from({ length: 1_050 }, (_, i) => `note ${i}`);
  for (let at = 0; at < names.length; at += 25) {
    await Promise.all(names.slice(at, at + 25).map((name) => upload(partition, name)));
  }

  const { path, job } = await runJob(partition, {
    splitter: 's3-prefix',
    definition: { prefix: `uploads/${partition}/` },
    worker: 'rehearse',
    parameters: { output: 'seen' },
  });
  const items = await pages(`${path}/items?limit=500`);

  expect(job.items).toMatchObject({ found: 1_050, succeeded: 1_050, sealed: true });
  expect(new Set(items.map(({ id }) => id)).size).toBe(1_050);
});

test('three levels of recursion: a prefix, its files, their byte ranges', async () => {
  const partition = freshPartition();
  for (let file = 0; file < 6; file += 1) {
    await upload(partition, Array.from({ length: 1_000 }, (_, line) => `${file}/${line}`).join('\n'));
  }

  const { path, job } = await runJob(partition, {
    splitter: 'lines',
    definition: { source: `s3://${inject('bucket')}/uploads/${partition}/`, rangeBytes: 2_048 },
    worker: 'rehearse',
  });
  const items = await pages(`${path}/items?limit=1000`);

  expect(job).toMatchObject({ status: 'Completed', items: { found: 6_000, succeeded: 6_000 } });
  expect(new Set(items.map(({ output }) => output.line)).size).toBe(6_000);
  expect(new Set(items.map(({ path: node }) => node.split('.').length))).toEqual(new Set([2]));
});

test('a batch of zero items completes', async () => {
  const { job } = await runJob(freshPartition(), {
    splitter: 'range',
    definition: { from: 7, to: 7 },
    worker: 'rehearse',
  });

  expect(job).toMatchObject({
    status: 'Completed',
    percentageComplete: 100,
    items: { found: 0, sealed: true },
  });
});

test('items pass through a pipeline of workers', async () => {
  const { path, job } = await runJob(freshPartition(), {
    splitter: 'range',
    definition: { from: 0, to: 60 },
    worker: 'rehearse',
    pipeline: ['rehearse'],
  });

  expect(job).toMatchObject({ status: 'Completed', items: { found: 60, succeeded: 60 } });
  expect(await pages(`${path}/items?limit=1000`)).toHaveLength(60);
});
