import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeText } from '../../../../../functions/workers/documents/reading/decode-text.ts';
import { input } from '../../../../support/documents/input.ts';

const big = (text: string) => Buffer.from(text, 'utf16le').swap16();

function wide(text: string, order: 'little' | 'big'): Buffer {
  const units = Array.from(text, (character) => {
    const unit = Buffer.alloc(4);
    if (order === 'little') unit.writeUInt32LE(character.codePointAt(0) ?? 0);
    else unit.writeUInt32BE(character.codePointAt(0) ?? 0);
    return unit;
  });
  return Buffer.concat(units);
}

test.each([
  ['UTF-8', 'Grüße, 世界', Buffer.from('Grüße, 世界')],
  ['UTF-8 with a mark', 'Grüße', Buffer.from('\uFEFFGrüße')],
  ['UTF-16 with a mark', 'Grüße, 世界', Buffer.from('\uFEFFGrüße, 世界', 'utf16le')],
  ['big-endian UTF-16 with a mark', 'Grüße, 世界', big('\uFEFFGrüße, 世界')],
  ['UTF-16 without a mark', 'Grüße aus Wien', Buffer.from('Grüße aus Wien', 'utf16le')],
  ['big-endian UTF-16 without a mark', 'Grüße aus Wien', big('Grüße aus Wien')],
  ['Latin-1', 'Grüße à tous', Buffer.from('Grüße à tous', 'latin1')],
  ['Windows-1252', '“12 €”', Buffer.from('93313220' + '8094', 'hex')],
  ['UTF-32', 'Grüße, 世界 😀', wide('\uFEFFGrüße, 世界 😀', 'little')],
  ['big-endian UTF-32', 'Grüße, 世界 😀', wide('\uFEFFGrüße, 世界 😀', 'big')],
  ['ISO-2022-JP', 'a 日本 b', Buffer.from('a \u001b$BF|K\\\u001b(B b')],
])('%s is decoded', (_, text, bytes) => {
  expect(decodeText(bytes)).toBe(text);
});

test('an HTML page is decoded by the encoding that it declares', () => {
  const page = Buffer.concat([Buffer.from('<meta charset="Shift_JIS">'), Buffer.from('93fa967b8cea', 'hex')]);

  expect(decodeText(page)).toBe('<meta charset="Shift_JIS">日本語');
});

test('an unknown encoding is not a failure', () => {
  expect(decodeText(Buffer.from('<meta charset=x-none>\xe9', 'latin1'))).toBe('<meta charset=x-none>é');
});

test('one broken byte does not affect the rest of a UTF-8 text', () => {
  const bytes = Buffer.concat([Buffer.from('é'.repeat(10)), Buffer.from([0xff])]);

  expect(decodeText(bytes)).toBe(`${'é'.repeat(10)}\uFFFD`);
});

test.each([
  ['several NULs in a short text', Buffer.from('text\0text\0\u0001')],
  ['control characters', Buffer.from('\u0001\u0002text')],
  ['invalid bytes and a NUL', Buffer.from(`fffd80ff00${'41424344'.repeat(5)}`, 'hex')],
  [
    'the mark of UTF-16 before noise',
    Buffer.from([0xff, 0xfe, ...Array.from({ length: 999 }, (_, i) => (i * 89) % 256)]),
  ],
])('%s means binary', (_, bytes) => {
  expect(decodeText(bytes)).toBeUndefined();
});

describe('a few control characters do not make a file binary', () => {
  test.each([
    ['bell.txt', 'before \u0007 after\n'],
    ['dos-end-of-file.txt', 'Line one of report\r\nLine two\r\n'],
    ['nul-in-log.txt', 'Log line one\nLog line two\nLog three\n'],
  ])('in the file %s', (name, text) => {
    expect(decodeText(input(name))).toBe(text);
  });

  const log = 'GET /index.html 200\n'.repeat(50);

  test.each([
    ['terminal escapes and bells', '\u001b]0;title\u0007\u001b[31mred\u001b[0m\n', undefined],
    ['form feeds and backspaces', 'page 1\fpage 2\fbold\b\b\b\bbold', undefined],
    ['a long run of NULs, as log rotation leaves', `${'\0'.repeat(5_000)}${log}`, log],
    ['a NUL in each 50 lines', `${log}\0${log}\0`, log + log],
    ['the separators of FIX', '8=FIX.4.2\u00019=65\u000135=A\u000149=SERVER\u0001', undefined],
    ['the separators of a JSON text sequence', '\u001e{"a":1}\n\u001e{"a":2}\n', undefined],
    ['a NUL in a short text', 'ok\0\n', 'ok\n'],
    ['the separators of a bar code', '[)>\u001e06\u001dP12345\u001dQ10\u001e\u0004', undefined],
    ['the separators of an EDI message', 'ISA\u001d00\u001d      \u001fA\u001cGS\u001dPO\u001c', undefined],
    ['records that are padded with NULs', `one${'\0'.repeat(497)}two${'\0'.repeat(4_597)}`, 'onetwo'],
    ['a DOS end of file after a line', 'one\r\n\u001a', 'one\r\n'],
    [
      'names separated by NULs',
      './file-one.txt\0./file-two.txt\0./file-three.txt\0',
      './file-one.txt./file-two.txt./file-three.txt',
    ],
  ])('%s', (_, text, decoded = text) => {
    expect(decodeText(Buffer.from(text))).toBe(decoded);
  });

  test('in a log in a legacy encoding', () => {
    const text = `${'Größe geändert um 12 Uhr\n'.repeat(20)}Ende\0`;

    expect(decodeText(Buffer.from(text, 'latin1'))).toBe(text.replace('\0', ''));
  });

  test('but no program, font or image counts as text', () => {
    const binaries = (folder: string): string[] =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(?:wasm|ttf|woff2?|png|gif|ico|node|gz|arrow|parquet|avro|bcmap)$/.test(name))
        .map((name) => join(folder, name));
    const files = binaries('node_modules').filter((name) => statSync(name).size < 5e6);

    const taken = files.filter((name) => decodeText(readFileSync(name)) !== undefined);

    expect(files.length).toBeGreaterThan(20);
    expect(taken).toEqual([]);
  });

  test('nor random bytes', () => {
    let seed = 7;
    const next = () => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed >>> 24;
    };
    const random = (size: number) => Buffer.from(Array.from({ length: size }, next));

    for (const size of [100, 200, 500, 5_000]) {
      for (let round = 0; round < 50; round += 1) expect(decodeText(random(size))).toBeUndefined();
    }
  });
});

describe('UTF-16 without a byte order mark', () => {
  const texts = {
    Cyrillic: 'Привет, мир! Это обычный текст.\r\nВторая строка.',
    Greek: 'Καλημέρα κόσμε, αυτό είναι κείμενο.\n',
    Chinese: '这是一个测试文件，里面有一些中文。第二句话也在这里。',
    Japanese: 'これはテストです。カタカナと漢字も混ざっています。',
    Korean: '이것은 시험 문서입니다. 두 번째 문장.\n',
    Arabic: 'مرحبا بالعالم، هذا نص عادي.\n',
    'a CSV with a NUL': `${'name,größe\r\n'.repeat(20)}\0`,
  };

  test.each(Object.entries(texts))('%s is decoded', (_, text) => {
    const decoded = text.replaceAll('\0', '');

    expect(decodeText(Buffer.from(text, 'utf16le'))).toBe(decoded);
    expect(decodeText(big(text))).toBe(decoded);
  });

  test('sound of 16 bits is not text', () => {
    const samples = Int16Array.from({ length: 2_000 }, (_, i) => Math.round(Math.sin(i / 9) * 90));

    expect(decodeText(new Uint8Array(samples.buffer))).toBeUndefined();
  });
});

describe('legacy encodings without a declaration are recognized by their letters', () => {
  test.each([
    [
      'Shift_JIS',
      'これは日本語の文章です。文字コードの判定を試験します。会議は明日の午後三時からです。\n',
      'grGC6oLNk/qWe4zqgsyVto/NgsWCt4FClbaOmoNSgVuDaILMlLuS6ILwjo6MsYK1gtyCt4FCie+LY4LNlr6T+oLMjN+M445Pjp6CqYLngsWCt4FCCg==',
    ],
    [
      'EUC-JP',
      'これは日本語の文章です。文字コードの判定を試験します。会議は明日の午後三時からです。\n',
      'pLOk7KTPxvzL3LjspM7KuL7PpMekuaGjyri7+qWzobylyaTOyL3E6qTyu+64s6S3pN6kuaGjsvG1xKTPzMDG/KTOuOG45buwu/6kq6TppMekuaGjCg==',
    ],
    [
      'GB18030',
      '这是一份中文文件，用来测试编码的识别。会议将于明天下午三点开始。\n',
      '1eLKx9K7t93W0M7EzsS8/qOs08PAtLLiytSx4MLrtcTKtrHwoaO74dLpvavT2sP3zOzPws7nyP2147+qyryhowo=',
    ],
    [
      'Big5',
      '這是一份中文文件，用來測試編碼的識別。會議將於明天下午三點開始。\n',
      's2+sT6RApfekpKTlpOWl86FBpc6o07T6uNW9c71YqrrD0adPoUO3fMSzsU6p86n6pNGkVaTIpFTCSbZ9qWyhQwo=',
    ],
    [
      'EUC-KR',
      '이것은 한국어 문서입니다. 문자 인코딩 판별을 시험합니다. 회의는 내일 오후 세 시에 시작합니다.\n',
      'wMywzcC6IMfRsbm+7iC5rrytwNS0z7TZLiC5rsDaIMDOxNq1+SDGx7qwwLsgvcPH6MfVtM+02S4gyLjAx7TCILO7wM8gv8DIxCC8vCC9w7+hIL3DwNvH1bTPtNkuCg==',
    ],
    [
      'Windows-1251',
      'Это русский текст для проверки кодировки. Совещание начнётся завтра в три часа дня.\n',
      '3fLuIPDz8fHq6Okg8uXq8fIg5Ov/IO/w7uLl8OroIOru5Ojw7uLq6C4g0e7i5fng7ejlIO3g9+248vH/IOfg4vLw4CDiIPLw6CD34PHgIOTt/y4K',
    ],
    [
      'KOI8-R',
      'Это русский текст для проверки кодировки. Совещание начнется завтра в три часа дня.\n',
      '/NTPINLV09PLycog1MXL09QgxMzRINDSz9fF0svJIMvPxMnSz9fLyS4g88/Xxd3BzsnFIM7B3s7F1NPRINrB19TSwSDXINTSySDewdPBIMTO0S4K',
    ],
    [
      'Greek',
      'Αυτό είναι ένα ελληνικό κείμενο για τη δοκιμή της κωδικοποίησης. Η συνάντηση αρχίζει αύριο στις τρεις το μεσημέρι.\n',
      'wfX0/CDl3+3h6SDd7eEg5evr5+3p6vwg6uXf7OXt7yDj6eEg9Ocg5O/q6ezeIPTn8iDq+eTp6u/w79/n8+fyLiDHIPP17dzt9Ofz5yDh8fff5uXpIOH98envIPP06fIg9PHl6fIg9O8g7OXz5+zd8ekuCg==',
    ],
  ])('%s', (_, text, bytes) => {
    expect(decodeText(Buffer.from(bytes, 'base64'))).toBe(text);
  });

  test.each([
    [
      'German',
      'Die Besprechung beginnt morgen um drei Uhr. Größe, Übergänge, Maßstäbe, häufig geändert, für später übrig, schließlich größer.\n',
    ],
    [
      'French',
      'La réunion commencera demain à trois heures. Où êtes-vous, déjà prêt à être reçu, élève très âgé, façade à côté.\n',
    ],
    [
      'Swedish',
      'Mötet börjar i morgon klockan tre på eftermiddagen. Åke går över ån, är lång och håller på så här.\n',
    ],
  ])('%s in Latin-1', (_, text) => {
    expect(decodeText(Buffer.from(text, 'latin1'))).toBe(text);
  });
});

describe('the declared encoding is used', () => {
  test.each([
    ['an XML declaration', '<?xml version="1.0" encoding="ISO-8859-2"?><p>', 'b3f3bcb6e6', 'łóźść'],
    ['a meta element', '<meta charset=gb2312><p>', 'd6d0cec4', '中文'],
    [
      'a meta element with a content type',
      '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
      'cff0e8e2e5f2',
      'Привет',
    ],
    ['EUC-KR', '<meta charset="euc-kr">', 'c7d1b1db', '한글'],
    ['EUC-KR with the syllables of Windows', '<meta charset="euc-kr">', '8c63', '똠'],
    ['ISO-2022-JP, whose bytes are ASCII', '<meta charset="iso-2022-jp">', '1b2442467c4b5c1b2842', '日本'],
  ])('by %s', (_, head, bytes, text) => {
    expect(decodeText(Buffer.concat([Buffer.from(head), Buffer.from(bytes, 'hex')]))).toBe(head + text);
  });

  test('unless the text is valid UTF-8', () => {
    const page = '<meta charset="iso-8859-1"><p>Grüße';

    expect(decodeText(Buffer.from(page))).toBe(page);
  });
});
