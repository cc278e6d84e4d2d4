import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readLinesFile } from './read-lines-file.ts';
import { file, latin, payloads, utf16le } from './real-file.ts';

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

describe('a compressed file', () => {
  const text = Array.from({ length: 10_000 }, (_, row) => `${row},value ${row}`).join('\n');

  test.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ] as const)(
    'is read by its content: %s',
    async (_, compress) => {
      const definition = { format: 'csv', header: false, rangeBytes: 1024 };
      const found = await readLinesFile(compress(Buffer.from(text)), definition, { isInterrupted: true });

      expect(found.map(({ payload }) => (payload as string[])[0])).toEqual(
        Array.from({ length: 10_000 }, (_, row) => String(row)),
      );
    },
    60_000,
  );

  test('of the real file has its rows', async () => {
    expect((await payloads(file('07-table.csv.gz'))).length).toBeGreaterThan(0);
  });

  test('of several zstd frames fails the job, because only the first could be read', async () => {
    const frame = zstdCompressSync(Buffer.from(text));
    const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, 7]);

    for (const bytes of [Buffer.concat([frame, frame]), Buffer.concat([skippable, frame])])
      await expect(payloads(bytes)).rejects.toMatchObject({ code: 'source-broken' });
  });

  test('of several gzip members is read to its end', async () => {
    const bytes = Buffer.concat([gzipSync('a\n1\n'), gzipSync('2\n')]);

    expect(await payloads(bytes)).toEqual([{ a: '1' }, { a: '2' }]);
  });

  test('that is cut off fails the job', async () => {
    const cut = gzipSync(Buffer.from(text)).subarray(0, 5_000);

    await expect(payloads(cut)).rejects.toMatchObject({ code: 'source-broken' });
  });
});
