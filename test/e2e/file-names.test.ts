/** Names of files from the upload to the downloaded result. */
import { expect, test } from 'vitest';
import { aZip } from '../support/zips.ts';
import { call, finished, freshPartition, jobPath, pages, upload } from './rest.ts';

const NAMES = [
  'Größe Übersicht.txt',
  '日本語.txt',
  'party 🎉.txt',
  `"quoted" 'name'; a=b.txt`,
  '100% %41.txt',
  'dots...',
  'u\u0308.txt',
];

test('every name is kept in an upload, an archive, the results and their downloads', async () => {
  const partition = freshPartition();
  const archive = await aZip(Object.fromEntries(NAMES.map((name) => [name, name])));
  const items = await Promise.all(
    NAMES.map(async (name, n) => {
      const url = await upload(partition, archive, `${name}.zip`);
      return { id: String(n), parts: [{ url, filename: `${name}.zip` }] };
    }),
  );
  const path = jobPath(partition, 'names');

  const created = await call('PUT', path, { body: { template: 'unpack', items } });
  const job = await finished(path);

  expect(created.status).toBe(201);
  expect(job).toMatchObject({ status: 'Completed', items: { succeeded: NAMES.length } });
  const results = await pages(`${path}/result`);
  expect(results.map(({ filename }) => filename).sort()).toEqual(NAMES.flatMap(() => NAMES).sort());
  const uploads = await pages(`/partitions/${partition}/uploads`);
  expect(uploads.map(({ filename }) => filename).sort()).toEqual(NAMES.map((name) => `${name}.zip`).sort());
  for (const { url, filename } of results.slice(0, NAMES.length)) {
    const response = await fetch(url);
    const disposition = response.headers.get('content-disposition') ?? '';
    const encoded = /filename\*=UTF-8''(\S+)$/.exec(disposition)?.[1] ?? '';

    expect(decodeURIComponent(encoded)).toBe(filename);
    expect(await response.text()).toBe(filename);
  }
});
