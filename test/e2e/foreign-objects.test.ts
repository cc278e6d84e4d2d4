/** A job must not read objects of another partition, in any spelling of the name of the service's bucket. */
import { describe, expect, inject, test } from 'vitest';
import { call, finished, freshPartition, jobPath, pages, runBatch, upload } from './rest.ts';

const SECRET = 'the secret of another tenant';
const REFUSED = expect.toBeOneOf(['source-forbidden', 'invalid-definition']);

/** The key of an upload of a partition that the jobs below do not belong to. */
async function secretKey(): Promise<string> {
  const owner = freshPartition();
  const source = await upload(owner, SECRET, 'secret.txt');
  return `uploads/${owner}/${source.slice('upload:'.length)}`;
}

type Spelling<T> = (bucket: string, key: string) => T;

describe('an object of another partition', () => {
  test.for<[string, Spelling<string>]>([
    ['items', (bucket, key) => `s3://./${bucket}/${key}`],
    ['lines', (bucket, key) => `s3://../${bucket}/${key}`],
    ['lines', (bucket, key) => `s3://./${bucket}/${key.slice(0, key.lastIndexOf('/') + 1)}`],
    ['zip', (bucket, key) => `s3://./${bucket}/${key}`],
    ['lines', (bucket, key) => `s3://${bucket}/${key}`],
    ['lines', (_bucket, key) => `upload:../../${key}`],
  ])('is not read by the splitter %s', async ([splitter, sourceOf]) => {
    const source = sourceOf(inject('bucket'), await secretKey());

    const { path, job } = await runBatch(freshPartition(), 'theft', {
      splitter,
      definition: { source },
      worker: 'rehearse',
    });

    expect(job).toMatchObject({ status: 'Failed', failures: [{ code: REFUSED }] });
    expect(JSON.stringify([job, await pages(`${path}/items`)])).not.toContain(SECRET);
  });

  test('is not listed by a prefix', async () => {
    const key = await secretKey();

    const { job } = await runBatch(freshPartition(), 'theft', {
      splitter: 's3-prefix',
      definition: { bucket: '...', prefix: `${inject('bucket')}/${key.slice(0, 8)}` },
      worker: 'rehearse',
    });

    expect(job).toMatchObject({ status: 'Failed', failures: [{ code: REFUSED }] });
  });

  test.for<[string, Spelling<object>]>([
    ['a payload with a bucket', (bucket, key) => ({ bucket: '.', key: `${bucket}/${key}` })],
    ['a payload with the parent', (bucket, key) => ({ bucket: '..', key: `${bucket}/${key}` })],
    ['a payload with a slash', (bucket, key) => ({ bucket: `./${bucket}`, key })],
    ['a source', (bucket, key) => ({ source: `s3://./${bucket}/${key}` })],
    ['a key', (_bucket, key) => ({ key })],
  ])('is not read by a worker from %s', async ([, payloadOf]) => {
    const payload = { id: 'a', ...payloadOf(inject('bucket'), await secretKey()) };

    const { path } = await runBatch(freshPartition(), 'theft', {
      splitter: 'items',
      definition: { items: [payload] },
      worker: 'extract-text',
    });
    const items = await pages(`${path}/items`);

    expect(items).toMatchObject([{ outcome: 'failed', failure: { code: REFUSED } }]);
  });

  test('is not read as the part of an item of a template', async () => {
    const url = `s3://./${inject('bucket')}/${await secretKey()}`;
    const path = jobPath(freshPartition(), 'theft');

    const created = await call('PUT', path, {
      body: { template: 'merge-to-pdf', items: [{ id: 'a', parts: [{ url, mimeType: 'text/plain' }] }] },
    });
    await finished(path);

    expect(created.status).toBe(201);
    expect(await pages(`${path}/result`)).toEqual([]);
    expect(await pages(`${path}/failures`)).toMatchObject([{ code: 'all-items-failed' }, { code: REFUSED }]);
  });
});
