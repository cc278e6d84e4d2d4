/** Files that other systems read wrong. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readLinesFile } from './read-lines-file.ts';

const file = (name: string) => readFileSync(join(import.meta.dirname, 'files', name));
const payloads = async (bytes: Uint8Array | string, definition: object = { format: 'csv' }) =>
  (await readLinesFile(bytes, definition)).map(({ payload, problem }) => problem ?? payload);
const utf16le = (text: string) => Buffer.from(text, 'utf16le');
const latin = (text: string) => Buffer.from(text, 'latin1');

test('a carriage return within a field does not end the record', async () => {
  expect(await payloads(file('03-lone-cr-in-field.csv'))).toEqual([
    { id: '1', name: 'a\rb' },
    { id: '2', name: 'c' },
  ]);
});

test('a stray quote fails its row alone', async () => {
  const found = await readLinesFile(file('05-stray-quote.csv'), { format: 'csv' });

  expect(found).toHaveLength(199);
  expect(found.filter(({ problem }) => problem !== undefined)).toEqual([
    {
      id: '0:2',
      problem: expect.stringMatching(
        /^line 2 is not a valid csv record: field 2 has a quote .* It begins with: 1,19" rack$/,
      ),
    },
  ]);
});

describe('a quote that is never closed', () => {
  const rows = Array.from({ length: 50_000 }, (_, row) => `${row},text ${row},${'x'.repeat(20)}`);

  test.each([
    ['alone', 20, '20,"text,x'],
    ['with a quoted row behind it', 20, '20,"text,x'],
    ['in the last row', 49_999, '49999,"text'],
  ])('fails its row alone: %s', async (name, position, row) => {
    const all = rows.with(position, row);
    if (name.includes('behind')) all[30_000] = '30000,"quoted, text","and ""this"""';
    const found = await readLinesFile(`a,b,c\n${all.join('\n')}\n`, { format: 'csv' });

    expect(found).toHaveLength(50_000);
    const bad = found.filter(({ problem }) => problem !== undefined);
    expect(bad.map(({ id }) => id)).toEqual([`0:${position + 2}`]);
    expect(bad[0]?.problem).toMatch(/a quoted field without a closing quote. It begins with: \d+,"text/);
  });

  test('of two such rows takes no row between them', async () => {
    const all = rows.slice(0, 100).with(20, '20,"text,x').with(60, '60,text",x');

    const found = await readLinesFile(`a,b,c\n${all.join('\n')}`, { format: 'csv' });
    expect(found.flatMap(({ id, problem }) => (problem === undefined ? [] : [id]))).toEqual(['0:22', '0:62']);
    expect(found).toHaveLength(100);
  });

  test('is read as text with strayQuotes literal', async () => {
    const text = 'a,b\n1,19" rack\n2,"open\n3,"x "quoted" y"\n4,"ok, ""fine"""\n';
    const definition = { format: 'csv', strayQuotes: 'literal' };

    expect(await payloads(text, definition)).toEqual([
      { a: '1', b: '19" rack' },
      { a: '2', b: '"open' },
      { a: '3', b: 'x "quoted" y' },
      { a: '4', b: 'ok, "fine"' },
    ]);
  });
});

describe('the encoding', () => {
  const text = 'id,name\n1,Müller\n2,Größe €\n3,naïve café\n';

  test('of a byte-order mark is used', async () => {
    expect(await payloads(file('06-utf16le.csv'))).toEqual([
      { id: '1', name: 'Müller' },
      { id: '2', name: 'Жук' },
    ]);
    expect(await payloads(Buffer.concat([Buffer.from('\uFEFF'), Buffer.from(text)]))).toHaveLength(3);
    const big = Buffer.concat([Buffer.from([0xfe, 0xff]), utf16le(text).swap16()]);
    expect((await payloads(big))[0]).toEqual({ id: '1', name: 'Müller' });
  });

  test('is detected', async () => {
    expect(await payloads(file('06-windows-1252.csv'))).toEqual([
      { id: '1', name: 'Müller' },
      { id: '2', name: '€ 5' },
    ]);
    expect((await payloads(utf16le(text)))[1]).toEqual({ id: '2', name: 'Größe €' });
    const japanese = Buffer.from(
      'id,name\n1,\x93\xfa\x96\x7b\x8c\xea\x82\xcc\x83\x65\x83\x4c\x83\x58\x83\x67\n',
      'latin1',
    );
    expect(await payloads(Buffer.concat([japanese, ...Array(20).fill(japanese.subarray(8))]))).toContainEqual(
      {
        id: '1',
        name: '日本語のテキスト',
      },
    );
  });

  test('of the definition is used', async () => {
    expect(await payloads(latin('a\n\xe4\n'), { format: 'csv', encoding: 'iso-8859-5' })).toEqual([
      { a: 'ф' },
    ]);
    const chinese = Buffer.from([0x61, 0x0a, 0xd6, 0xd0, 0xce, 0xc4, 0x0a]);
    expect(await payloads(chinese, { format: 'csv', encoding: 'gbk' })).toEqual([{ a: '中文' }]);
    const korean = Buffer.from([0xc7, 0xd1, 0xb1, 0xdb, 0x0a]);
    expect(await payloads(korean, { encoding: 'euc-kr' })).toEqual([{ line: '한글' }]);
  });

  test('that does not fit fails only the records that it does not fit', async () => {
    const bytes = Buffer.concat([Buffer.from('ä\nb\n'), latin('\xe4\n'), Buffer.from('d\n')]);
    const found = await payloads(bytes, { encoding: 'utf-8' });

    expect(found).toEqual([
      { line: 'ä' },
      { line: 'b' },
      expect.stringMatching(/^line 3 is not a valid text record: it is not valid utf-8/),
      { line: 'd' },
    ]);
  });

  test('stays UTF-8 if a few bytes are broken, which fail their records', async () => {
    const rows = Array.from({ length: 1_000 }, (_, row) => Buffer.from(`${row},Jürgen\n`));
    rows[500] = latin('500,J\xfcrgen\n');
    const found = await payloads(Buffer.concat([Buffer.from('n,name\n'), ...rows, Buffer.from([0xc3])]));

    expect(found.filter((one) => typeof one === 'string')).toEqual([
      expect.stringContaining('line 502 is not a valid csv record: it is not valid utf-8'),
      expect.stringContaining('line 1002 is not a valid csv record: it is not valid utf-8'),
    ]);
    expect(found[0]).toEqual({ n: '0', name: 'Jürgen' });
  });

  test('of binary data fails the job', async () => {
    const binary = Buffer.from(Array.from({ length: 4_000 }, (_, at) => (at * 7919) % 256));

    await expect(payloads(binary, {})).rejects.toMatchObject({ code: 'unknown-encoding' });
  });
});

describe('the first lines', () => {
  test('are skipped if they are blank, or name the delimiter', async () => {
    expect(await payloads(file('09-blank-first-line.csv'))).toEqual([{ id: '1', name: 'a' }]);
    expect(
      (await payloads(file('09-sep-line.csv'), { format: 'csv', delimiter: ';' })).length,
    ).toBeGreaterThan(0);
    expect(await payloads('sep=;\r\na;b\r\n1;2\r\n')).toEqual([{ a: '1', b: '2' }]);
    expect(await payloads('\n \nsep=|\n\na|b\n1|2\n')).toEqual([{ a: '1', b: '2' }]);
  });

  test('and the last ones are skipped by their number', async () => {
    const text = 'Report "2026\nmade by x\na,b\n1,2\n3,4\nTotal: 2 rows\n(end)\n';
    const definition = { format: 'csv', skipLines: 2, skipLastLines: 2 };

    expect(await payloads(text, definition)).toEqual([
      { a: '1', b: '2' },
      { a: '3', b: '4' },
    ]);
  });

  test('are the names of several header lines', async () => {
    const text = 'size,size,\nwidth,height,name\n1,2,x\n';

    expect(await payloads(text, { format: 'csv', headerLines: 2 })).toEqual([
      { 'size width': '1', 'size height': '2', name: 'x' },
    ]);
  });
});

describe('a header', () => {
  test.each([
    ['a,a\n1,2\n', "the column 'a' twice"],
    ['a,\n1,2\n', 'a column without a name'],
  ])('%j is refused', async (text, reason) => {
    await expect(payloads(text)).rejects.toMatchObject({
      code: 'bad-header',
      message: expect.stringContaining(reason),
    });
  });

  test('is made unique', async () => {
    const found = await payloads('a,a,,a_2,\n1,2,3,4,5\n', { format: 'csv', headerNames: 'unique' });

    expect(found).toEqual([{ a: '1', a_3: '2', column_3: '3', a_2: '4', column_5: '5' }]);
  });
});

describe('rows with another number of fields', () => {
  const text = 'a,b\n1\n1,2\n1,2,3\n';

  test('fail alone', async () => {
    expect(await payloads(text)).toEqual([
      expect.stringContaining('it has 1 fields, but the header has 2'),
      { a: '1', b: '2' },
      expect.stringContaining('it has 3 fields, but the header has 2'),
    ]);
  });

  test('are kept with a note', async () => {
    expect(await payloads(text, { format: 'csv', raggedRows: 'keep' })).toEqual([
      { a: '1', _note: 'it has 1 fields, but the header has 2' },
      { a: '1', b: '2' },
      { a: '1', b: '2', column_3: '3', _note: 'it has 3 fields, but the header has 2' },
    ]);
  });
});

test('members that are added to a row take no name of a column', async () => {
  const text = 'column_3,_note\nreal,2,extra\n';

  expect(await payloads(text, { format: 'csv', raggedRows: 'keep' })).toEqual([
    { column_3: 'real', _note: '2', _column_3: 'extra', __note: expect.stringContaining('it has 3 fields') },
  ]);
});

describe('the syntax of fields', () => {
  test.each([
    [
      'several characters between fields',
      { delimiter: '||' },
      'a||b\n1|x||"2||3"\n',
      { a: '1|x', b: '2||3' },
    ],
    ['another quote', { quote: "'" }, "a,b\n'1,2',\"x\n", { a: '1,2', b: '"x' }],
    ['no quote', { quote: '' }, 'a,b\n"1,2"\n', { a: '"1', b: '2"' }],
    ['an escape character', { escape: '\\' }, 'a,b\n"1\\",\\\\2","x\\y"\n', { a: '1",\\2', b: 'x\\y' }],
    [
      'escape of two units',
      { escape: '😀', quote: '🙂' },
      'a,b\n🙂1😀🙂,😀x\n😀😀🙂,2\n',
      { a: '1🙂,😀x\n😀', b: '2' },
    ],
    [
      'a separator of records',
      { recordSeparator: '\u001e', delimiter: '\u001f' },
      'a\u001fb\u001e1\n\u001f2\u001e',
      { a: '1\n', b: '2' },
    ],
    ['carriage returns', {}, 'a,b\r1,"x\ny"\r', { a: '1', b: 'x\ny' }],
    ['these and escaped quotes', { escape: '\\' }, 'a,b\r1,"\\"\n"\r', { a: '1', b: '"\n' }],
  ])('may have %s', async (_, definition, text, payload) => {
    expect(await payloads(text, { format: 'csv', ...definition })).toEqual([payload]);
  });

  test.each([',', ';', '\t', '|', ':'])('has the delimiter %j by detection', async (delimiter) => {
    const rows = [
      ['name', 'note', 'n'],
      ['x', 'a, b; c', '1'],
      ['y', 'tab\tbar|', '2'],
    ];
    const text = rows.map((row) =>
      row.map((field) => (/[^\w]/.test(field) ? `"${field}"` : field)).join(delimiter),
    );

    expect(await payloads(`${text.join('\n')}\n`, { format: 'csv', delimiter: 'auto' })).toEqual([
      { name: 'x', note: 'a, b; c', n: '1' },
      { name: 'y', note: 'tab\tbar|', n: '2' },
    ]);
  });
});

describe('a file without records', () => {
  test.each([
    ['a header only', 'a,b\n', { format: 'csv' }],
    ['blank lines', '\n\n', { format: 'jsonl' }],
    ['skipped lines', 'a\nb\n', { skipLines: 5 }],
  ])('fails the job: %s', async (_, text, definition) => {
    await expect(payloads(text, definition)).rejects.toMatchObject({ code: 'no-records' });
    expect(await payloads(text, { ...definition, allowEmpty: true })).toEqual([]);
  });

  test('is valid if it has no bytes', async () => {
    expect(await payloads('', {})).toEqual([]);
  });
});

test('a record beyond the limit fails alone', async () => {
  const found = await readLinesFile(`a\n${'x'.repeat(9 * 1024 * 1024)}\nb\n`, { rangeBytes: 1024 });

  expect(found).toEqual([
    { id: '0:1', payload: { line: 'a' } },
    { id: '0:2', problem: expect.stringContaining('it has 9437184 bytes, and at most 8388608 are allowed') },
    { id: '0:3', payload: { line: 'b' } },
  ]);
});

describe('a quoted field over several lines', () => {
  test('keeps the line ends of its text', async () => {
    expect(await payloads('a,b\r\n"x\r\ny\nz",2\r\n"1\r\n","\r\n"\r\n')).toEqual([
      { a: 'x\r\ny\nz', b: '2' },
      { a: '1\r\n', b: '\r\n' },
    ]);
  });

  test('is one record if its number of fields is wrong', async () => {
    const text = 'a,b\n1,"x\ny",3\n4,5\n';

    expect(await payloads(text)).toEqual([expect.stringContaining('it has 3 fields'), { a: '4', b: '5' }]);
    expect((await payloads(text, { format: 'csv', raggedRows: 'keep' }))[0]).toMatchObject({
      b: 'x\ny',
      column_3: '3',
    });
  });
});

test('a row of empty fields is not a blank line', async () => {
  expect(await payloads('a\tb\n\t\n1\t2\n', { format: 'csv', delimiter: '\t' })).toEqual([
    { a: '', b: '' },
    { a: '1', b: '2' },
  ]);
});

test.each([
  [
    "a,b\n'1,2','3'\n'4','5'\n",
    [
      { a: '1,2', b: '3' },
      { a: '4', b: '5' },
    ],
  ],
  // Quotes of the other kind, and apostrophes, are text.
  [
    "name,'note',n\nMen's,'6\" wide, x',1\nKid's,'5\" wide',2\n'a','b',3\n",
    [
      expect.stringContaining('field 1 has a quote'),
      expect.stringContaining('field 1 has a quote'),
      { name: 'a', note: 'b', n: '3' },
    ],
  ],
  [
    "a;b\n\"it's; 'x'\";1\n\"'y'\";2\n",
    [
      { a: "it's; 'x'", b: '1' },
      { a: "'y'", b: '2' },
    ],
  ],
  [
    "a,b\n'tis,don't\nrock 'n' roll,x\n",
    [
      { a: "'tis", b: "don't" },
      { a: "rock 'n' roll", b: 'x' },
    ],
  ],
  ['a, b, c\n1, "2, 3", 4\n', [{ a: '1', b: '2, 3', c: '4' }]],
  ['name,age\nSmith, John,42\n', [expect.stringContaining('it has 3 fields')]],
  [
    'time;x\n10:00:00;1\n11:00:00;2\n',
    [
      { time: '10:00:00', x: '1' },
      { time: '11:00:00', x: '2' },
    ],
  ],
])('delimiter and quote are detected in %j', async (text, expected) => {
  expect(await payloads(text, { format: 'csv', delimiter: 'auto' })).toEqual(expected);
});

test('an apostrophe outside of quotes is text with a detected single quote and strayQuotes literal', async () => {
  const text = "name,'note',n\nMen's,'6\" wide, x',1\nKid's,'5\" wide',2\n";
  const definition = { format: 'csv', delimiter: 'auto', strayQuotes: 'literal' };

  expect(await payloads(text, definition)).toEqual([
    { name: "Men's", note: '6" wide, x', n: '1' },
    { name: "Kid's", note: '5" wide', n: '2' },
  ]);
});

test('a delimiter is detected that is not the given quote', async () => {
  const definition = { format: 'csv', delimiter: 'auto', quote: ',' };

  expect(await payloads('a;b\n,1;2,;3\n', definition)).toEqual([{ a: '1;2', b: '3' }]);
  // The line would name the quote.
  await expect(payloads('sep=,\n1;2\n', definition)).rejects.toMatchObject({ code: 'bad-header' });
});

test.each([
  ['csv', 'title\na,b\n1,2\n', { format: 'csv', skipLines: 1 }],
  ['gzip', gzipSync('a,b\n1,2\n'), { format: 'csv' }],
])('a small file is requested once: %s', async (_, bytes, definition) => {
  let requests = 0;
  const onRead = () => {
    requests += 1;
  };

  expect(await readLinesFile(bytes, definition, { onRead })).toHaveLength(1);
  expect(requests).toBe(1);
});
