import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InvalidRequestError, NotFoundError } from 'jobtree/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aService } from './a-service.ts';

const TEXT = 'ä line\nanother\n';
const SIZE = Buffer.byteLength(TEXT);

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'jobtree-upload-'));
  path = join(folder, 'some lines.txt');
  writeFileSync(path, TEXT);
});
afterAll(() => rmSync(folder, { recursive: true }));

const stream = () => new Blob([TEXT]).stream();

describe('an upload', () => {
  test.each([
    ['a path', () => path, { filename: 'some lines.txt' }],
    ['a file URL', () => pathToFileURL(path), { filename: 'some lines.txt' }],
    ['a Blob', () => new Blob([TEXT], { type: 'text/plain' }), { contentType: 'text/plain' }],
    [
      'a File',
      () => new File([TEXT], 'f.csv', { type: 'text/csv' }),
      { filename: 'f.csv', contentType: 'text/csv' },
    ],
    ['bytes', () => new TextEncoder().encode(TEXT), {}],
    ['a stream', stream, {}],
  ] as const)('of %s signs the size and sends the bytes', async (_, source, named) => {
    const service = aService();

    const { id, source: reference } = await service.client().upload(source());

    const [ticket, put] = service.sent;
    expect(JSON.parse(ticket?.body ?? '')).toEqual({ sizeBytes: SIZE, ...named });
    expect(put).toMatchObject({ method: 'PUT', body: TEXT });
    expect(put?.headers.get('authorization')).toBeNull();
    expect(put?.headers.get('content-length')).toBe(String(SIZE));
    expect(reference).toBe(`upload:${id}`);
  });

  test('of a stream with a known size is sent without being read into memory', async () => {
    const service = aService();
    let reads = 0;
    const source = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        reads += 1;
        if (reads <= 3) controller.enqueue(new TextEncoder().encode('abc'));
        else controller.close();
      },
    });

    const uploading = service.client().upload(source, { sizeBytes: 9, filename: 'a.txt' });
    const readsBefore = reads;
    await uploading;

    expect(readsBefore).toBeLessThanOrEqual(1);
    expect(service.sent.at(-1)?.body).toBe('abcabcabc');
  });

  test('is sent again if the bucket does not accept it at first', async () => {
    const service = aService({
      interfere: (_, count) => (count === 2 ? new Response(null, { status: 503 }) : undefined),
    });

    await service.client().upload(path);

    expect(service.sent.map(({ method, body }) => [method, body.length > 0])).toEqual([
      ['POST', true],
      ['PUT', true],
      ['PUT', true],
    ]);
    expect(service.sent.at(-1)?.body).toBe(TEXT);
  });

  test('is the source of a job, and results are downloaded by their links', async () => {
    const service = aService();
    const jobtree = service.client();
    const { source } = await jobtree.upload(path, { filename: 'renamed.txt' });

    const job = await jobtree.createJob({
      batch: { splitter: 'lines', definition: { source }, worker: 'rehearse' },
    });
    await service.drain();

    expect(source).toMatch(/renamed\.txt$/);
    expect(await job.done()).toMatchObject({ status: 'Completed', items: { succeeded: 2 } });
  });

  test('that is too large is refused before any byte is sent', async () => {
    const service = aService();

    const error = await service
      .client()
      .upload(stream(), { sizeBytes: 2_000_000 })
      .catch((caught: unknown) => caught);

    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toMatchObject({ status: 413, code: 'too-large' });
    expect(service.sent).toHaveLength(1);
  });
});

test('a result is downloaded, and a link that leads to nothing is an error', async () => {
  const service = aService();
  await service.objects.put('result.txt', 'the result');
  const jobtree = service.client();
  const part = { filename: 'result.txt', url: 'https://bucket.test/result.txt?get' };

  const response = await jobtree.download(part);
  const missing = await jobtree
    .download({ ...part, url: 'https://bucket.test/none?get' })
    .catch((caught: unknown) => caught);

  expect(await response.text()).toBe('the result');
  expect(service.sent[0]?.headers.get('authorization')).toBeNull();
  expect(missing).toBeInstanceOf(NotFoundError);
  expect(String(missing)).not.toContain('?');
  await expect(jobtree.download({ filename: 'x', note: 'not an upload of the partition' })).rejects.toThrow(
    'x has no link: not an upload of the partition',
  );
});

test('uploads are listed and deleted', async () => {
  const service = aService();
  await service.objects.put('uploads/p1/01-a.csv', 'abc');
  await service.objects.put('uploads/p1/02 b%.csv', 'd');
  const jobtree = service.client();

  const before = await jobtree.uploads({ pageSize: 1 }).toArray();
  for (const { id } of before.slice(1)) await jobtree.deleteUpload(id);

  expect(before).toMatchObject([{ id: '01-a.csv', sizeBytes: 3 }, { id: '02 b%.csv' }]);
  expect(await jobtree.uploads().toArray()).toMatchObject([{ id: '01-a.csv' }]);
});
