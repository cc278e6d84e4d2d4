/** A file has the same items for every size of its ranges and every interruption of the splitter. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLinesFile } from './read-lines-file.ts';

const ENCODINGS: Readonly<Record<string, (text: string) => Buffer>> = {
  'utf-8': (text) => Buffer.from(text),
  'utf-16le': (text) => Buffer.from(text, 'utf16le'),
  'utf-16be': (text) => Buffer.from(text, 'utf16le').swap16(),
  'windows-1252': (text) => Buffer.from(text.replaceAll(/[^\0-\xff]/gu, 'ÿ'), 'latin1'),
};

const field = fc
  .array(fc.constantFrom('a', 'bc', ' ', ',', '"', '\n', '\r', '\r\n', 'ä', '日本', '😀', '\\', "'"), {
    maxLength: 6,
  })
  .map((parts) => parts.join(''));
const rows = fc.array(fc.array(field, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 60 });

const quoted = (text: string, needsQuotes: boolean) =>
  needsQuotes || /[",\r\n]/.test(text) || text.trim() !== text ? `"${text.replaceAll('"', '""')}"` : text;

test('items are the same for every size of the ranges, encoding, separator and interruption', async () => {
  await fc.assert(
    fc.asyncProperty(
      rows,
      fc.constantFrom('\n', '\r\n'),
      fc.constantFrom(...Object.keys(ENCODINGS)),
      fc.boolean(),
      fc.constantFrom(1, 3, 20),
      async (table, separator, encoding, quotesAll, repeats) => {
        const filled = table.map((row) => row.map((value) => (value.trim() === '' ? 'x' : value)));
        const many = Array.from({ length: repeats }, () => filled).flat();
        const lines = [['a', 'b', 'c'], ...many].map((row) =>
          row.map((value) => quoted(value, quotesAll)).join(','),
        );
        const bytes = ENCODINGS[encoding]?.(lines.join(separator) + separator) ?? Buffer.alloc(0);
        const definition = { format: 'csv', encoding, recordSeparator: separator };

        const whole = await readLinesFile(bytes, definition);
        const inRanges = await readLinesFile(bytes, { ...definition, rangeBytes: 1024 });
        const interrupted = await readLinesFile(
          bytes,
          { ...definition, rangeBytes: 1024 },
          { isInterrupted: true },
        );

        expect(inRanges).toEqual(whole);
        expect(interrupted).toEqual(whole);
        expect(whole.filter(({ problem }) => problem !== undefined)).toEqual([]);
        const expected = many.map((row) =>
          encoding === 'windows-1252' ? row.map((value) => value.replaceAll(/[^\0-\xff]/gu, 'ÿ')) : row,
        );
        expect(whole.map(({ payload }) => Object.values(payload as object))).toEqual(expected);
      },
    ),
    { numRuns: 150 },
  );
});

test('broken files have the same items and the same bad records for every size of the ranges', async () => {
  const piece = fc.constantFrom('a', ',', '"', '""', '\n', 'ä', 'b,c\n', '"x,y"\n', '1,2\n', '\xff');
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { minLength: 1, maxLength: 400 }),
      fc.boolean(),
      async (pieces, isLiteral) => {
        const bytes = Buffer.concat(
          pieces.map((one) => (one === '\xff' ? Buffer.from([0xff]) : Buffer.from(one))),
        );
        const text = Buffer.concat([Buffer.from('a,b\n'), ...Array(6).fill(bytes)]);
        const definition = {
          format: 'csv',
          encoding: 'utf-8',
          strayQuotes: isLiteral ? 'literal' : 'refuse',
          raggedRows: isLiteral ? 'keep' : 'refuse',
          allowEmpty: true,
        };
        const whole = await readLinesFile(text, definition);
        const inRanges = await readLinesFile(text, { ...definition, rangeBytes: 1024 });
        const interrupted = await readLinesFile(
          text,
          { ...definition, rangeBytes: 1024 },
          { isInterrupted: true },
        );

        expect(inRanges).toEqual(whole);
        expect(interrupted).toEqual(whole);
      },
    ),
    { numRuns: 150 },
  );
});

test('a large file is cut into ranges, and its last lines are in none', async () => {
  const text = `a,b\n${Array.from({ length: 5_000 }, (_, row) => `${row},"x\ny"`).join('\n')}\nend\n`;
  let ranges = 0;
  const definition = { format: 'csv', rangeBytes: 1024, skipLastLines: 1 };
  const found = await readLinesFile(text, definition, {
    onRanges: (count) => {
      ranges = count;
    },
  });

  expect(ranges).toBeGreaterThan(40);
  expect(found).toHaveLength(5_000);
  expect(found.at(-1)).toEqual({ id: '0:10000', payload: { a: '4999', b: 'x\ny' } });
});
