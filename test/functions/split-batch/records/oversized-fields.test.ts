/** A quoted field beyond the limit is one bad record. It takes no record after it, and no stray quote is taken for one. */
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { csvRecords } from '../../../../functions/split-batch/records/assemble.ts';
import type { FileRecord } from '../../../../functions/split-batch/records/file-record.ts';
import { type FoundItem, readLinesFile } from './read-lines-file.ts';

const MIB = 1024 * 1024;
const LIMIT = /a quoted field beyond the limit of 8388608 bytes and 100000 lines/;
const SENTENCES = ['The quick brown fox, as they say,', 'jumps over', 'the lazy dog, again.', ''];

/** Text of many lines, some of which look like records. */
const prose = (bytes: number, separator = '\n') => {
  const paragraph = SENTENCES.join(separator) + separator;
  return paragraph.repeat(Math.ceil(bytes / paragraph.length));
};
const rows = (count: number) => Array.from({ length: count }, (_, row) => `${row + 2},row ${row + 2}`);

/** Reads a file whole, in ranges, and with interruptions, with the same result. */
async function read(text: string | Buffer, definition: object = {}): Promise<FoundItem[]> {
  const given = { format: 'csv', allowEmpty: true, ...definition };
  const found = await readLinesFile(text, { ...given, rangeBytes: 64 * MIB });

  expect(await readLinesFile(text, { ...given, rangeBytes: MIB }, { isInterrupted: true })).toEqual(found);
  return found;
}

const problems = (found: readonly FoundItem[]) => found.flatMap(({ problem = [] }) => problem);
const payloads = (found: readonly FoundItem[]) => found.flatMap(({ payload = [] }) => [payload].flat());

describe('a field of many lines', () => {
  test.each([
    ['to its closing quote', `${prose(9 * MIB)}end"\n`],
    ['with other quotes in it', `${prose(9 * MIB)}he said ""yes"", twice\n""\nend"\n`],
    ['with a line that is too long in it', `short\n${'x'.repeat(9 * MIB)}\nend"\n`],
    ['whose last line is too long', `short\n${'x'.repeat(9 * MIB)}"\n`],
    ['whose first line is too long', `${'x'.repeat(9 * MIB)}\nshort\nend"\n`],
    ['of more than 100,000 lines', `${'word\n'.repeat(100_001)}end"\n`],
  ])('is one bad record %s', async (_, field) => {
    const found = await read(`id,text\n1,"${field}${rows(3).join('\n')}\n`);

    expect(problems(found)).toEqual([expect.stringMatching(/^line 2 is not a valid csv record/)]);
    expect(problems(found)[0]).toMatch(LIMIT);
    expect(payloads(found)).toEqual([2, 3, 4].map((id) => ({ id: `${id}`, text: `row ${id}` })));
  });

  test('is one bad record in a file without a header, and with other encodings', async () => {
    const text = `1,"${prose(9 * MIB, '\r\n')}end"\r\n2,b\r\n`;
    for (const bytes of [Buffer.from(text), Buffer.from(text, 'utf16le')]) {
      const encoding = bytes.length === text.length ? 'utf-8' : 'utf-16le';
      const found = await read(bytes, { header: false, encoding });

      expect(problems(found)).toEqual([expect.stringMatching(LIMIT)]);
      expect(payloads(found)).toEqual(['2', 'b']);
    }
  });

  test('without a closing quote ends before the next records', async () => {
    const found = await read(`id,text\n1,"${prose(9 * MIB)}${rows(30).join('\n')}\n`);

    expect(problems(found)).toEqual([expect.stringMatching(/no closing quote was found up to line/)]);
    expect(payloads(found)).toHaveLength(30);
  });

  test('without a closing quote and other records ends after a distance', async () => {
    const texts = ['1,"open', ...Array.from({ length: 100 }, () => 'word'), '2,b'];
    const lines = texts.map((text, at) => {
      return { text, line: at + 1, bytes: MIB, end: (at + 1) * MIB, droppedReturn: false };
    });
    const csv = { delimiter: ',', quote: '"', escape: '"', strayQuotes: 'refuse' } as const;
    const reading = { csv, separator: '\n', fieldCount: 2, needsFields: true };
    const records: FileRecord[] = [];
    for await (const some of csvRecords(Readable.from([lines]), reading)) records.push(...some);

    expect(records[0]).toMatchObject({
      problem: expect.stringMatching(LIMIT),
      bytes: 65 * MIB,
      nextLine: 66,
    });
    expect(records.slice(1).map(({ line }) => line)).toEqual(lines.slice(65).map(({ line }) => line));
    expect(records.at(-1)?.fields).toEqual(['2', 'b']);
  });
});

test('a stray quote before many records takes none of them', async () => {
  const found = await read(`id,text\n1,"open\n${rows(110_000).join('\n')}\n`);

  expect(problems(found)).toEqual([expect.stringContaining('a quoted field without a closing quote')]);
  expect(payloads(found)).toHaveLength(110_000);
});

test('a quoted field with bytes that are not valid is one bad record', async () => {
  const text = Buffer.from('id,text\n1,"a\nb\xff\nc"\n2,"\xff\nd"\n3,e\n', 'latin1');

  const found = await read(text, { encoding: 'utf-8' });
  expect(problems(found)).toEqual([
    expect.stringContaining('it continues on line 3: it is not valid utf-8'),
    expect.stringMatching(/^line 5 .*it is not valid utf-8/),
  ]);
  expect(payloads(found)).toEqual([{ id: '3', text: 'e' }]);
});
