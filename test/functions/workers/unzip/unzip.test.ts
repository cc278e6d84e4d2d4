import { describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import * as z from 'zod';
import { defineSplitter, item } from '#core/splitter.ts';
import { worker as unzip } from '../../../../functions/workers/unzip/definition.ts';
import { memoryService } from '../../../support/memory-service.ts';

async function zipped(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Runs an item with this archive. Returns its outcome and the texts of its new parts. */
async function taken(archive: Buffer, parameters: object = {}) {
  const archives = defineSplitter({
    name: 'archives',
    description: '',
    definition: z.unknown(),
    stable: true,
    *split() {
      const part = {
        type: 'BASE_PART',
        filename: 'a.zip',
        mimeType: 'application/zip',
        url: 'upload:a',
      } as const;
      yield item('1', undefined, [part]);
    },
  });
  const service = memoryService({ workers: [unzip], splitters: [archives] });
  await service.objects.put('uploads/p/a', archive);
  await service.submit({ splitter: 'archives', worker: 'unzip' }, { definition: {}, parameters });
  await service.drain();
  const [outcome] = await service.outcomes();
  if (outcome === undefined) throw new Error('the item has no outcome');
  const texts: Record<string, string> = {};
  for (const { key, filename } of outcome.parts ?? []) {
    const bytes = key === undefined ? undefined : await service.objects.get({ key });
    if (bytes !== undefined) texts[filename] = new TextDecoder().decode(bytes);
  }
  return { outcome, texts };
}

describe('unzip', () => {
  test('makes a part of each file of an archive, but not of folders', async () => {
    const { outcome, texts } = await taken(await zipped({ 'one.txt': '1', 'folder/two.json': '{}' }));

    expect(outcome).toMatchObject({ outcome: 'succeeded', output: { archives: 1, files: 2 } });
    expect(texts).toEqual({ 'one.txt': '1', 'folder/two.json': '{}' });
  });

  test.each([
    ['files', { maxFiles: 1 }],
    ['bytes', { maxBytes: 1 }],
  ])('refuses an archive of too many %s, and stores no part of it', async (_, parameters) => {
    const { outcome, texts } = await taken(await zipped({ 'one.txt': '1', 'two.txt': '2' }), parameters);

    expect(outcome).toMatchObject({ outcome: 'failed', failure: { code: 'archive-too-large' } });
    expect(texts).toEqual({});
  });

  test('fails permanently if the archive is invalid or missing', async () => {
    const { outcome } = await taken(Buffer.from('no archive'));

    expect(outcome.outcome).toBe('failed');
    expect(outcome.attempts).toBe(1);
  });
});
