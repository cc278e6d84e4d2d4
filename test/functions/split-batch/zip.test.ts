import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { Item } from '#core/item.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { defineWorker } from '../../../functions/kit/define-worker.ts';
import { worker as extractTextWorker } from '../../../functions/workers/documents/extract-text/definition.ts';
import { memoryService } from '../../support/memory-service.ts';
import { makeZips } from '../../support/python-zips.ts';
import { aZip, withField, withRenamedEntry } from '../../support/zips.ts';

const seen = (items: Item[]) =>
  defineWorker({
    name: 'seen',
    parameters: z.unknown(),
    async run(item, context) {
      items.push(item);
      const [part] = item.parts ?? [];
      return part && new TextDecoder().decode(await context.fetchPart(part));
    },
  });

async function split(
  zip: Uint8Array,
  options: { itemsPerTask?: number; isSplittingOver?: () => boolean; nameEncoding?: string } = {},
) {
  const items: Item[] = [];
  const { isSplittingOver, nameEncoding, ...plan } = options;
  const service = memoryService({ workers: [seen(items)], ...omitUndefined({ isSplittingOver }) });
  await service.objects.put('uploads/p/z', zip);
  const definition = { source: 'upload:z', ...omitUndefined({ nameEncoding }) };
  await service.submit({ splitter: 'zip', worker: 'seen', ...plan }, { definition });
  await service.drain();
  const found = await service.view();
  const { rows } = await service.table.query({ pk: 'P#p#J#j#R1', begins: 'F#' });
  return { items, job: found?.job, outcomes: await service.outcomes(), failures: rows, service };
}

describe('a zip archive', () => {
  test('is split into its files, which workers can read', async () => {
    const zip = await aZip({ 'a.txt': 'first', 'sub/': '', 'sub/größe.md': '# x', 'sub/in.ZIP': 'inner' });

    const { job, items, outcomes } = await split(zip);

    expect(job).toMatchObject({ status: 'Completed', totals: { items: 3, failed: 0 } });
    expect(items.map(({ id }) => id)).toEqual(['a.txt', 'sub/größe.md', 'sub/in.ZIP']);
    expect(items[1]).toMatchObject({
      payload: { source: 'upload:z', entry: 'sub/größe.md', size: 3 },
      parts: [
        {
          type: 'BASE_PART',
          filename: 'größe.md',
          mimeType: 'text/markdown',
          url: `upload:z#entry=${encodeURIComponent('sub/größe.md')}`,
          sizeBytes: 3,
        },
      ],
    });
    expect(items.map(({ payload }) => (payload as { nested?: boolean }).nested)).toEqual([
      undefined,
      undefined,
      true,
    ]);
    expect(outcomes.map(({ output }) => output)).toEqual(['first', '# x', 'inner']);
  });

  test('without files is a job without items', async () => {
    const { job } = await split(await aZip({}));

    expect(job).toMatchObject({ status: 'Completed', totals: { items: 0 } });
  });

  test('of thousands of files is split in many steps, each file once', async () => {
    const names = Array.from({ length: 5_000 }, (_, i) => `folder/${i % 7}/file-${i}.txt`);
    const zip = await aZip(Object.fromEntries(names.map((name) => [name, name])));

    // The time of an invocation is up at every checkpoint.
    const { job, outcomes } = await split(zip, { itemsPerTask: 20, isSplittingOver: () => true });

    expect(job).toMatchObject({ status: 'Completed', totals: { items: 5_000, failed: 0 } });
    expect(outcomes.map(({ id }) => id).sort()).toEqual(names.toSorted());
    expect(outcomes.every(({ id, output }) => id === output)).toBe(true);
  });
});

describe('hostile entries fail alone', () => {
  test.for([
    ['../../etc', /leaves the archive/],
    ['a/../..//b', /leaves the archive/],
    ['/etc/pass', /is absolute/],
    ['c:/windows', /is absolute/],
    ['\\\\host\\share', /is absolute/],
    ['..\\..\\etc', /leaves the archive/],
    ['a\0b.txt', /NUL/],
  ] as const)('%j', async ([name, reason]) => {
    const placeholder = 'x'.repeat(name.length);
    const zip = withRenamedEntry(
      await aZip({ [placeholder]: 'evil', 'good.txt': 'good' }),
      placeholder,
      name,
    );

    const { job, outcomes, failures } = await split(zip);

    expect(job).toMatchObject({ status: 'Completed', totals: { items: 2, failed: 1 } });
    expect(outcomes.find(({ id }) => id === 'good.txt')?.output).toBe('good');
    expect(failures[0]?.['failureMessage']).toMatch(reason);
  });

  test.for([
    ['encrypted', 8, 1, 2, /is encrypted/],
    ['strongly encrypted', 8, 0x41, 2, /is encrypted/],
    ['of an unknown compression', 10, 99, 2, /compression method 99/],
    ['that would burst', 24, 0x7000_0000, 4, /at most 1000 times/],
  ] as const)('an entry %s', async ([, offset, value, bytes, reason]) => {
    const zip = withField(await aZip({ a: 'some text' }), offset, value, bytes);

    const { job, failures } = await split(zip);

    expect(job?.totals).toMatchObject({ items: 1, failed: 1 });
    expect(failures[0]?.['failureMessage']).toMatch(reason);
  });
});

test('files of equal names are kept apart', async () => {
  const { job, outcomes } = await split(withRenamedEntry(await aZip({ aa: '1', bb: '2' }), 'bb', 'aa'));

  expect(job?.totals).toMatchObject({ items: 2, failed: 0 });
  expect(outcomes.map(({ id, output }) => [id, output])).toEqual([
    ['aa', '1'],
    ['aa (2)', '2'],
  ]);
});

test('names that are not Unicode have the specified encoding, and workers find their files', async () => {
  const [zip = Buffer.alloc(0)] = await makeZips([{ encoding: 'gbk', names: ['发票.pdf'] }]);

  const { outcomes } = await split(zip, { nameEncoding: 'gbk' });

  expect(outcomes.map(({ id, output }) => [id, output])).toEqual([['发票.pdf', '发票.pdf']]);
});

describe('an archive that cannot be split fails the job with a reason', () => {
  // Packs 300 times smaller: none of its entries is refused for itself.
  const content = Buffer.concat([Buffer.alloc(800 * 1024), randomBytes(2048)]);

  test.for([
    ['no zip at all', () => Buffer.from('hello'), 'archive-broken', /no end record/],
    ['cut off', async () => (await aZip({ a: 'x'.repeat(100) })).subarray(20), 'archive-broken', /./],
    [
      'without its end',
      async () => (await aZip({ a: 'x' })).subarray(0, -5),
      'archive-broken',
      /no end record/,
    ],
    [
      'whose directory is at another offset',
      async () => {
        const zip = await aZip({ a: 'x' });
        zip.writeUInt32LE(0x00ff_ffff, zip.length - 6);
        return zip;
      },
      'archive-broken',
      /outside of the file/,
    ],
    ['whose entries share their bytes', () => overlapping(content), 'archive-bomb', /more than 1000 times/],
  ] as const)('%s', async ([, make, code, reason]) => {
    const { job, failures } = await split(await make());

    expect(job?.status).toBe('Failed');
    expect(failures[0]).toMatchObject({ code, failureMessage: expect.stringMatching(reason) });
  });

  test('which is not there', async () => {
    const service = memoryService({ workers: [seen([])] });
    await service.submit({ splitter: 'zip', worker: 'seen' }, { definition: { source: 'upload:none' } });
    await service.drain();

    expect((await service.view())?.job.status).toBe('Failed');
  });
});

/** Many entries whose directory records all point at the data of the first. */
async function overlapping(content: Buffer): Promise<Buffer> {
  const zip = await aZip({ '00': content });
  const directoryAt = zip.readUInt32LE(zip.length - 6);
  const record = zip.subarray(directoryAt, zip.length - 22);
  const records = Array.from({ length: 50 }, (_, i) => {
    const copy = Buffer.from(record);
    copy.write(String(i).padStart(2, '0'), 46);
    return copy;
  });
  const end = Buffer.from(zip.subarray(-22));
  end.writeUInt16LE(records.length, 8);
  end.writeUInt16LE(records.length, 10);
  end.writeUInt32LE(records.length * record.length, 12);
  return Buffer.concat([zip.subarray(0, directoryAt), ...records, end]);
}

test('the text of the files in an archive is extracted', async () => {
  const service = memoryService({ workers: [extractTextWorker] });
  const text = 'Some words in the English language, written for this very test.';
  await service.objects.put('uploads/p/z', await aZip({ 'a.txt': text, 'b/c.md': `# Title\n\n${text}` }));
  await service.submit({ splitter: 'zip', worker: 'extract-text' }, { definition: { source: 'upload:z' } });
  await service.drain();

  const outcomes = await service.outcomes();

  expect(outcomes.map(({ id, output }) => [id, (output as { title?: string }).title])).toEqual([
    ['a.txt', undefined],
    ['b/c.md', 'Title'],
  ]);
  expect(outcomes[0]?.parts?.map(({ filename }) => filename)).toEqual(['a.txt', 'a.txt']);
});
