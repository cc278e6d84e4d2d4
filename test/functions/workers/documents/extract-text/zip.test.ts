import { describe, expect, test } from 'vitest';
import { worker as extractTextWorker } from '../../../../../functions/workers/documents/extract-text/definition.ts';
import { extractText } from '../../../../../functions/workers/documents/extract-text/extract-text.ts';
import { docxOf, paragraph } from '../../../../support/documents/office.ts';
import { runWorker } from '../../../../support/documents/run-worker.ts';
import { zipOf } from '../../../../support/documents/zips.ts';
import { pdfSaying, refusalOf } from './documents.ts';

describe('a zip', () => {
  test('returns the text of every document under its name, including nested zips', async () => {
    const zip = await zipOf({
      'a.txt': 'plain',
      'folder/b.md': '# Title\n\nSee [this](http://example.org)',
      'c.pdf': pdfSaying('in a PDF'),
      'd.docx': await docxOf(paragraph('in an office document')),
      'e.zip': await zipOf({ 'f.txt': 'within' }),
      '__MACOSX/a.txt': 'not of the user',
    });

    const { type, text, note } = await extractText(zip, { name: 'all.zip' });

    expect({ type, note }).toEqual({ type: 'application/zip', note: undefined });
    const parts = ['a.txt', 'plain', 'folder/b.md', 'Title\n\nSee this', 'c.pdf', 'in a PDF'];
    expect(text).toBe([...parts, 'd.docx', 'in an office document', 'e.zip', 'f.txt', 'within'].join('\n\n'));
  });

  test('notes which entries were left out, and why', async () => {
    const zip = await zipOf({
      'a.txt': 'plain',
      'b.bin': Buffer.from([0, 1, 2]),
      'c.pdf': '%PDF-1.7 broken',
    });

    const { text, note } = await extractText(zip, { name: 'a.zip' });

    expect(text).toBe('a.txt\n\nplain');
    expect(note).toBe('2 of 3 entries were left out: b.bin (document-unsupported), c.pdf (document-broken)');
  });

  test('without a readable document is refused', async () => {
    const empty = await refusalOf(await zipOf({}));
    const binary = await refusalOf(await zipOf({ 'a.bin': Buffer.from([0, 1, 2]) }));

    expect([empty.code, binary.code]).toEqual(['document-unsupported', 'document-unsupported']);
    expect(empty.message).toContain('it is empty');
    expect(binary.message).toContain('a.bin (document-unsupported)');
  });

  test('truncated at any byte is refused', async () => {
    const zip = await zipOf({ 'a.txt': 'some text '.repeat(50), 'b.txt': 'more' });
    for (let part = 1; part < 12; part += 1) {
      const refusal = await refusalOf(zip.subarray(0, Math.floor((zip.length * part) / 12)), {
        name: 'a.zip',
      });

      expect(refusal.code).toMatch(/^document-(broken|unsupported)$/);
    }
  });

  test('with random bytes in it is read or refused', async () => {
    const zip = await zipOf({ 'a.txt': 'some text '.repeat(50), 'b.docx': await docxOf(paragraph('x')) });
    for (let round = 1; round <= 60; round += 1) {
      const noisy = Buffer.from(zip);
      for (let i = 0; i < 8; i += 1) noisy[(i * 7919 * round) % noisy.length] = (i * 31 * round) % 256;

      const outcome = await extractText(noisy, { name: 'a.zip' }).catch((error: Error) => error);

      expect(outcome instanceof Error ? outcome.name : typeof outcome.text).toMatch(
        /^(UnreadableDocument|string)$/,
      );
    }
  });
});

describe('a zip bomb is refused before it is inflated', () => {
  test('with an entry that inflates a thousand times', async () => {
    const refusal = await refusalOf(await zipOf({ 'zeros.txt': Buffer.alloc(50 * 2 ** 20, '0') }));

    expect(refusal.code).toBe('document-too-large');
    expect(refusal.message).toContain("entry 'zeros.txt' inflates from");
  });

  test('with an entry whose stated size is wrong', async () => {
    const zip = await zipOf({ 'zeros.txt': Buffer.alloc(2 ** 20, '0') });
    const lying = Buffer.from(zip);
    const directory = lying.indexOf('PK\x01\x02');
    lying.writeUInt32LE(100, directory + 24);

    const refusal = await refusalOf(lying);

    expect(refusal.code).toBe('document-unsupported');
    expect(refusal.message).toContain('zeros.txt (document-broken)');
  });

  test('with entries that are too large in total', async () => {
    const piece = Buffer.alloc(2 ** 20 - 1, 'ab');
    const entries = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`${i}.txt`, piece]));

    const refusal = await refusalOf(await zipOf(entries));

    expect(refusal.message).toContain('more than 256 MiB in total');
  });

  test('with zips nested too deeply', async () => {
    let zip = await zipOf({ 'a.txt': 'deep' });
    for (let depth = 0; depth < 4; depth += 1) zip = await zipOf({ 'a.zip': zip });

    expect((await refusalOf(zip)).message).toContain('a.zip (document-unsupported)');
  });
});

describe('an item of extract-text', () => {
  test('with several documents makes a text part of each, and returns their total counts', async () => {
    const documents = { 'a.txt': Buffer.from('one two'), 'b.txt': Buffer.from('three') };

    const { record, files } = await runWorker(extractTextWorker, documents);

    expect(record.output).toMatchObject({
      words: 3,
      characters: 12,
      documents: [{ type: 'text/plain', words: 2 }, { words: 1 }],
    });
    expect([...files].map(([name, bytes]) => [name, Buffer.from(bytes).toString()])).toEqual([
      ['a.txt', 'one two'],
      ['b.txt', 'three'],
    ]);
  });

  test('with one document returns its metadata, and no text part if keepText is false', async () => {
    const { record } = await runWorker(
      extractTextWorker,
      { '01m81v86bq893bpxfh2dhembha-a.txt': Buffer.from('one two') },
      { parameters: { keepText: false } },
    );

    expect(record).toMatchObject({ outcome: 'succeeded', output: { type: 'text/plain', words: 2 } });
    expect(record.parts).toBeUndefined();
  });

  test('names its parts after the uploaded file, without the id of the upload', async () => {
    const { files } = await runWorker(extractTextWorker, {
      '01m81v86bq893bpxfh2dhembha-a.txt': Buffer.from('one two'),
    });

    expect([...files.keys()]).toEqual(['a.txt']);
  });
});
