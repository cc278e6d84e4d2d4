import { describe, expect, test } from 'vitest';
import { aZip } from '../support/zips.ts';
import { byPython, byYauzl, sha256 } from './opened-zips.ts';
import { freshPartition, pages, runBatch, upload } from './rest.ts';

describe('an archive', () => {
  const text = (n: number) =>
    `Document number ${n}. Some words in the English language, written for this very test.`;
  const names = Array.from({ length: 30 }, (_, n) => `folder ${n % 3}/größe-${n}.txt`);

  test('is split into its files, their text extracted, and all of it exported again', async () => {
    const partition = freshPartition();
    const zip = await aZip(Object.fromEntries(names.map((name, n) => [name, text(n)])));
    const source = await upload(partition, zip, 'documents.zip');

    const extracted = await runBatch(partition, 'extract', {
      splitter: 'zip',
      definition: { source },
      worker: 'extract-text',
      itemsPerTask: 10,
    });
    const items = await pages(`${extracted.path}/items`);
    const results = await pages(`${extracted.path}/result`);

    expect(extracted.job).toMatchObject({ status: 'Completed', items: { found: 30, succeeded: 30 } });
    expect(items.map(({ id }) => id).sort()).toEqual(names.toSorted());
    expect(items[0].output).toMatchObject({ language: 'en', type: 'text/plain' });
    // The files of the upload are no results.
    expect(results).toHaveLength(30);

    const exported = await runBatch(partition, 'export', {
      splitter: 'job-results',
      definition: { job: 'extract', outcome: 'succeeded', group: 20 },
      worker: 'export-zip',
      parameters: { manifest: 'both' },
      itemsPerTask: 1,
    });
    expect(exported.job).toMatchObject({ status: 'Completed', items: { found: 2, succeeded: 2 } });
    const archives = await pages(`${exported.path}/result`);
    const files = await Promise.all(archives.map(async ({ url }) => download(url)));

    const read = (await Promise.all(files.map(byYauzl))).flatMap((entries) => [...entries]);
    expect((await Promise.all(files.map(byPython))).flat().sort()).toEqual(
      read.map(([name, body]) => [name, sha256(body)]).sort(),
    );
    const texts = read.filter(([name]) => !name.startsWith('manifest.'));
    expect(texts.map(([name]) => name).sort()).toEqual(
      names.map((name) => `${name}/${name.split('/')[1]}`).sort(),
    );
    const manifests = read.filter(([name]) => name === 'manifest.json');
    const listed = manifests.flatMap(([, body]) => JSON.parse(body.toString()).files);
    expect(
      listed.map(({ entry, sha256: sum }: { entry: string; sha256: string }) => [entry, sum]).sort(),
    ).toEqual(texts.map(([name, body]) => [name, sha256(body)]).sort());
  });

  test('that is none fails the job with a reason', async () => {
    const partition = freshPartition();
    const source = await upload(partition, 'not a zip', 'x.zip');

    const { job } = await runBatch(partition, 'broken', {
      splitter: 'zip',
      definition: { source },
      worker: 'rehearse',
    });

    expect(job.status).toBe('Failed');
    expect(job.failures[0]).toMatchObject({ code: 'archive-broken' });
  });

  async function download(url: string): Promise<Buffer> {
    const answer = await fetch(url);
    expect(answer.status).toBe(200);
    return Buffer.from(await answer.arrayBuffer());
  }
});

test('tags are set by rules', async () => {
  const { path, job } = await runBatch(freshPartition(), 'tags', {
    splitter: 'items',
    definition: {
      items: [
        { id: 'a', size: 1 },
        { id: 'b', size: 100 },
      ],
    },
    worker: 'tag',
    parameters: { rules: [{ when: { field: 'payload.size', greater: 10 }, set: { large: 'yes' } }] },
  });
  const items = await pages(`${path}/items`);

  expect(job).toMatchObject({ status: 'Completed', items: { succeeded: 2 } });
  expect(items.map(({ id, output }) => [id, output]).sort()).toEqual([
    ['a', { tags: {}, changed: false }],
    ['b', { tags: { large: 'yes' }, changed: true }],
  ]);
});
