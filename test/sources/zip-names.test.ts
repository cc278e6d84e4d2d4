import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { NAME_ENCODINGS, type NameEncoding } from '../../functions/sources/archive-encodings.ts';
import { decodeName } from '../../functions/sources/name-encodings.ts';
import { acceptedContent } from '../../functions/sources/zip-content.ts';
import { readDirectory } from '../../functions/sources/zip-directory.ts';
import { readEntries } from '../../functions/sources/zip-entry-list.ts';
import { zipFileInMemory } from '../../functions/sources/zip-file.ts';
import { findPython } from '../../localstack/emulator/python.ts';
import { makeZips, readByPython, zipByCommand } from '../support/python-zips.ts';
import { aZip, withField, withRenamedEntry } from '../support/zips.ts';

/** Returns names and texts of all entries. */
async function read(zip: Uint8Array, nameEncoding?: NameEncoding): Promise<[string, string][]> {
  const file = zipFileInMemory(zip, 'a.zip');
  const entries: [string, string][] = [];
  for await (const entry of readEntries(file, await readDirectory(file), nameEncoding)) {
    let text = '';
    for await (const piece of acceptedContent(file, entry)) text += Buffer.from(piece).toString();
    entries.push([entry.name, text]);
  }
  return entries;
}

async function namesOf(zip: Uint8Array, nameEncoding?: NameEncoding): Promise<string[]> {
  return (await read(zip, nameEncoding)).map(([name]) => name);
}

const NAMES = {
  cp437: ['Größe Übersicht.txt', 'résumé.pdf', 'señor niño.doc', 'Ärger.txt'],
  cp850: ['São Paulo.txt', 'Ærø øl.txt', 'Ação.doc'],
  cp1252: ['Größe Übersicht.txt', 'résumé.pdf', 'naïve café.txt', 'São Paulo.txt'],
  cp866: ['Привет мир.txt', 'Отчёт за год.doc'],
  cp1251: ['Привет мир.txt', 'Отчёт за год.doc'],
  shift_jis: ['日本語.txt', '新しいフォルダ/テスト.txt', '請求書2026年.pdf', 'ソース表.txt'],
  gbk: ['中文文件.txt', '新建文件夹/报告.doc', '发票2026年.pdf', '合同.pdf'],
  big5: ['中文檔案.txt', '新資料夾/報告.doc', '發票.pdf'],
  euc_kr: ['한국어.txt', '새 폴더/보고서.hwp', '계약서.pdf'],
} as const;

describe('names without the UTF-8 flag', () => {
  test('are read as the encoding that fits all names of the archive', async () => {
    const expected = Object.entries(NAMES).map(([encoding, names]) => ({ encoding, names }));

    const zips = await makeZips(expected);

    const found = await Promise.all(zips.map((zip) => namesOf(zip)));
    expect(found).toEqual(expected.map(({ names }) => names));
  });

  test('are UTF-8 if they are valid UTF-8', async () => {
    const names = ['Größe.txt', '日本語.txt', 'emoji 🎉.txt', 'u\u0308.txt'];
    const [zip = Buffer.alloc(0)] = await makeZips([{ encoding: 'utf-8', names }]);
    const input = readFileSync(
      new URL('../support/documents/inputs/utf8-names-without-flag.zip', import.meta.url),
    );

    expect(await namesOf(zip)).toEqual(names);
    expect(await namesOf(input)).toEqual(['Müller 日本.txt']);
  });

  test('are taken from the Unicode path field, unless its checksum shows that it is old', async () => {
    const names = ['Größe 日本.txt'];
    const [zip = Buffer.alloc(0)] = await makeZips([{ encoding: 'ascii', hasPathField: true, names }]);

    expect(await namesOf(zip)).toEqual(names);
    expect(await namesOf(withRenamedEntry(zip, 'Gr??e ??.txt', 'renamed1.txt'))).toEqual(['renamed1.txt']);
  });

  test('have the encoding that the user specifies', async () => {
    const [zip = Buffer.alloc(0)] = await makeZips([{ encoding: 'gbk', names: ['发票.pdf'] }]);

    expect(await namesOf(zip, 'gbk')).toEqual(['发票.pdf']);
  });

  test('are decoded as Python decodes them', async () => {
    const upper = Uint8Array.from({ length: 128 }, (_, i) => 128 + i);
    for (const encoding of NAME_ENCODINGS.slice(0, 2)) {
      const program = `import sys; sys.stdout.buffer.write(bytes(range(128, 256)).decode('${encoding}').encode())`;
      const byPython = execFileSync(await findPython(), ['-c', program], { encoding: 'utf8' });

      expect(await decodeName(upper, encoding)).toBe(byPython);
    }
  });
});

test('equal names are kept apart by a number', async () => {
  const zip = withRenamedEntry(await aZip({ 'a.txt': '1', 'b.txt': '2', 'c.txt': '3' }), 'b.txt', 'a.txt');
  const thrice = withRenamedEntry(zip, 'c.txt', 'a.txt');

  expect(await read(thrice)).toEqual([
    ['a.txt', '1'],
    ['a (2).txt', '2'],
    ['a (3).txt', '3'],
  ]);
});

test('folders may be separated with \\', async () => {
  const zip = withRenamedEntry(await aZip({ 'folder/a.txt': '1' }), 'folder/a.txt', 'folder\\a.txt');

  expect(await namesOf(zip)).toEqual(['folder/a.txt']);
});

describe('an archive is read as Python reads it', () => {
  const files = { 'a.txt': 'first', 'folder/größe.txt': { stored: 'second' }, 'empty.txt': '' };

  test.for([
    ['as it was made', (zip: Buffer) => zip],
    ['after other bytes', (zip: Buffer) => Buffer.concat([Buffer.from('#!/bin/sh\nexit\n'), zip])],
    ['before other bytes', (zip: Buffer) => Buffer.concat([zip, Buffer.alloc(100)])],
    ['with wrong numbers of entries', withCounts],
    ['with data descriptors', (zip: Buffer) => withLocalSizes(zip)],
  ] as const)('%s', async ([, change]) => {
    const zip = change(await aZip(files));

    const found = await read(zip);

    expect(found).toEqual(await readByPython(zip));
    expect(found.map(([name]) => name)).toEqual(Object.keys(files));
  });

  test('in the zip64 format, also after other bytes', async () => {
    const zip = await aZip(files, { isZip64: true });
    const after = Buffer.concat([Buffer.from('prefix'), zip]);

    expect(await read(zip)).toEqual(await readByPython(zip));
    expect(await read(after)).toEqual(await read(zip));
  });

  test.for(['zip', '7z'] as const)('made by %s, if it is installed', async (command, { skip }) => {
    const zip = await zipByCommand(command, { 'größe.txt': 'first', '日本語.txt': 'second' });
    if (zip === undefined) return skip();

    expect((await read(zip)).toSorted()).toEqual([
      ['größe.txt', 'first'],
      ['日本語.txt', 'second'],
    ]);
  });

  function withCounts(zip: Buffer): Buffer {
    const copy = Buffer.from(zip);
    copy.writeUInt16LE(7, copy.length - 14);
    copy.writeUInt16LE(1, copy.length - 12);
    return copy;
  }

  /** Removes the sizes from the local headers, as writers of streams do. */
  function withLocalSizes(zip: Buffer): Buffer {
    const copy = Buffer.from(zip);
    for (let at = 0; at + 30 <= copy.length; at += 1) {
      if (copy.readUInt32LE(at) !== 0x04034b50) continue;
      copy.writeUInt16LE(copy.readUInt16LE(at + 6) | 8, at + 6);
      copy.fill(0, at + 14, at + 26);
    }
    return copy;
  }
});

test('an encrypted entry or one of an unknown method is refused by name', async () => {
  const zip = await aZip({ 'a.txt': 'text' });

  await expect(read(withField(zip, 8, 1, 2))).rejects.toThrow(/entry 'a.txt': it is encrypted/);
  await expect(read(withField(zip, 10, 99, 2))).rejects.toThrow(/compression method 99/);
});
