import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import * as z from 'zod';
import { PermanentFailure } from '#core/errors.ts';
import { defineWorker } from '../../../../functions/kit/define-worker.ts';
import { worker as exportZipWorker } from '../../../../functions/workers/export-zip/definition.ts';
import { EntryNames } from '../../../../functions/workers/export-zip/entry-names.ts';
import { csvManifest } from '../../../../functions/workers/export-zip/manifest.ts';
import { memoryService } from '../../../support/memory-service.ts';

const former = { partition: 'p', job: 'former' };

interface Made {
  readonly id: string;
  readonly files?: readonly { filename: string; body: string; type?: 'META'; mimeType?: string }[];
  readonly fails?: boolean;
}

const maker = defineWorker({
  name: 'maker',
  parameters: z.unknown(),
  async run(item, context) {
    const { files = [], fails = false } = item.payload as Made;
    for (const { mimeType = 'text/plain', ...file } of files) await context.putPart({ mimeType, ...file });
    if (fails) throw new PermanentFailure('bad', 'bad');
  },
});

async function exported(
  items: readonly Made[],
  options: { group?: number; parameters?: unknown; outcome?: string } = {},
) {
  const { group = 1000, parameters = {}, ...rest } = options;
  const service = memoryService({ workers: [maker, exportZipWorker] });
  await service.submit(
    { splitter: 'items', worker: 'maker', itemsPerTask: 10 },
    { definition: { items } },
    former,
  );
  await service.drain();
  await service.submit(
    { splitter: 'job-results', worker: 'export-zip', itemsPerTask: 1 },
    { definition: { job: 'former', group, ...rest }, parameters },
  );
  await service.drain();
  const outcomes = (await service.outcomes()).toSorted((a, b) => Number(a.id) - Number(b.id));
  const zips = await Promise.all(
    outcomes.map(async ({ parts = [] }): Promise<Record<string, string>> => {
      const [part] = parts;
      const bytes = part?.key === undefined ? undefined : await service.objects.get({ key: part.key });
      return bytes === undefined ? {} : unzipped(Buffer.from(bytes));
    }),
  );
  return { service, outcomes, zips };
}

async function unzipped(zip: Buffer): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const opened = await fromBufferPromise(zip);
  for await (const entry of opened.eachEntry()) {
    const pieces: Buffer[] = [];
    for await (const piece of await opened.openReadStreamPromise(entry)) pieces.push(piece);
    files[entry.fileName] = Buffer.concat(pieces).toString();
  }
  return files;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('an export', () => {
  test('contains the files of all results in a folder per item, and a manifest', async () => {
    const { zips, outcomes } = await exported([
      { id: 'a', files: [{ filename: 'x.txt', body: 'one' }] },
      {
        id: 'b',
        files: [
          { filename: 'x.txt', body: 'two' },
          { filename: 'x.txt', body: 'three' },
        ],
      },
      { id: 'none' },
      { id: 'failed', files: [{ filename: 'half.txt', body: 'half' }], fails: true },
      { id: 'm', files: [{ filename: 'log', body: 'meta', type: 'META' }] },
    ]);

    const [{ 'manifest.json': manifest = '', ...files } = {}] = zips;
    expect(files).toEqual({ 'a/x.txt': 'one', 'b/x.txt': 'two', 'b/x (2).txt': 'three' });
    expect(JSON.parse(manifest)).toEqual({
      job: 'former',
      files: expect.arrayContaining([
        {
          itemId: 'b',
          outcome: 'succeeded',
          entry: 'b/x (2).txt',
          mimeType: 'text/plain',
          sizeBytes: 5,
          sha256: sha256('three'),
        },
        { itemId: 'none', outcome: 'succeeded' },
        { itemId: 'failed', outcome: 'failed' },
        { itemId: 'm', outcome: 'succeeded' },
      ]),
    });
    expect(outcomes[0]).toMatchObject({
      output: { items: 5, files: 3, sizeBytes: outcomes[0]?.parts?.[0]?.sizeBytes },
      parts: [{ filename: 'export-0.zip', mimeType: 'application/zip' }],
    });
  });

  test('makes one archive per group, with the outcomes that pass the filter', async () => {
    const items = Array.from({ length: 25 }, (_, i) => ({
      id: `i${i}`,
      files: [{ filename: 'f', body: `${i}` }],
      fails: i % 5 === 0,
    }));

    const { zips } = await exported(items, { group: 8, outcome: 'succeeded' });

    expect(zips.map((zip) => Object.keys(zip).length - 1)).toEqual([8, 8, 4]);
    expect(zips.flatMap((zip) => Object.keys(zip)).filter((name) => name === 'i5/f')).toEqual([]);
  });

  test('includes META parts, another name and a CSV manifest if configured', async () => {
    const files = [{ filename: 'log', body: 'meta', type: 'META' as const }];

    const { zips, outcomes } = await exported([{ id: '=1+1', files }], {
      parameters: { meta: true, manifest: 'both', filename: 'all' },
    });

    expect(Object.keys(zips[0] ?? {}).sort()).toEqual(['=1+1/log', 'manifest.csv', 'manifest.json']);
    expect(zips[0]?.['manifest.csv']).toBe(
      `itemId,outcome,entry,sizeBytes,mimeType,sha256\r\n"'=1+1",succeeded,"'=1+1/log",4,text/plain,${sha256('meta')}\r\n`,
    );
    expect(outcomes[0]?.parts?.[0]?.filename).toBe('all-0.zip');
  });

  test('fails if a file is missing, and stores no partial archive', async () => {
    const { service } = await exported([]);
    await service.submit(
      { splitter: 'items', worker: 'maker' },
      { definition: { items: [{ id: 'a', files: [{ filename: 'f', body: 'x' }] }] } },
      { partition: 'p', job: 'third' },
    );
    await service.drain();
    const outputs = () => service.objects.keys().filter((key) => key.startsWith('outputs/'));
    await service.objects.delete(outputs());

    await service.submit(
      { splitter: 'job-results', worker: 'export-zip' },
      { definition: { job: 'third', group: 10 } },
      { partition: 'p', job: 'fourth' },
    );
    await service.drain();

    expect(await service.outcomes({ partition: 'p', job: 'fourth' })).toMatchObject([
      { outcome: 'failed', failure: { code: 'part-missing' } },
    ]);
    expect(outputs()).toEqual([]);
  });

  test('of an item that is not a group is refused with the next step', async () => {
    const service = memoryService({ workers: [exportZipWorker] });
    await service.submit({ splitter: 'items', worker: 'export-zip' }, { definition: { items: ['a'] } });
    await service.drain();

    expect((await service.outcomes())[0]?.failure).toMatchObject({
      code: 'invalid-item',
      failureMessage: expect.stringMatching(/job-results with `group`/),
    });
  });
});

describe('names in an archive', () => {
  const named = (...pairs: [string, string][]) => {
    const names = new EntryNames(['manifest.json']);
    return pairs.map(([id, filename]) => names.take(id, filename));
  };

  test.for([
    ['../../etc', 'passwd', '_/_/etc/passwd'],
    ['/abs/olute', 'f', 'abs/olute/f'],
    ['c:\\windows', 'f', 'c_/windows/f'],
    ['a', '../up.txt', 'a/up.txt'],
    ['a', '..\\up.txt', 'a/up.txt'],
    ['a', '..', 'a/_'],
    ['a', '', 'a/_'],
    ['', 'f', '_/f'],
    ['a', 'CON', 'a/_CON'],
    ['nul', 'com1.txt', '_nul/_com1.txt'],
    ['a', 'what?<is>"this"|*:', 'a/what?<is>"this"|*:'],
    ['a', 'bell\u0007\0.txt', 'a/bell__.txt'],
    ['a', 'gpj\u202e.exe', 'a/gpj_.exe'],
    ['a', 'dots...', 'a/dots...'],
    ['a', ' blank ', 'a/ blank '],
    ['größe/日本', 'ä.txt', 'größe/日本/ä.txt'],
    ['a', 'u\u0308 100% 🎉;.txt', 'a/u\u0308 100% 🎉;.txt'],
    ['lone\ud800', 'f', 'lone\ufffd/f'],
  ] as const)('of %j and %j are safe: %j', ([id, filename, expected]) => {
    expect(named([id, filename])).toEqual([expected]);
  });

  test('are unique without regard to case', () => {
    expect(named(['a', 'f.txt'], ['A', 'F.txt'], ['a', 'f.txt'], ['a', '.rc'], ['a', '.rc'])).toEqual([
      'a/f.txt',
      'A/F (2).txt',
      'a/f (3).txt',
      'a/.rc',
      'a/.rc (2)',
    ]);
  });

  test('are short enough for any system, and keep their extension', () => {
    const [name = ''] = named(['日'.repeat(500), `${'x'.repeat(500)}.pdf`]);

    expect(name).toMatch(/x\.pdf$/);
    for (const segment of name.split('/')) expect(Buffer.byteLength(segment)).toBeLessThanOrEqual(120);
  });
});

test('a CSV manifest quotes values that spreadsheets would interpret as formulas', () => {
  const lines = ['=cmd', '+1', '-1', '@x', 'a"b', 'a,b', 'a\nb'].map((itemId) => ({
    itemId,
    outcome: 'failed',
  }));

  expect(
    csvManifest(lines)
      .toString()
      .split('\r\n')
      .slice(1, -1)
      .map((row) => row.split(',failed')[0]),
  ).toEqual([`"'=cmd"`, `"'+1"`, `"'-1"`, `"'@x"`, '"a""b"', '"a,b"', '"a\nb"']);
});
