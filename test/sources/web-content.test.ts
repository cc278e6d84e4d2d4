import * as zlib from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { collectBytes } from '#core/byte-stream.ts';
import { textOfAnswer } from '../../functions/sources/web-content.ts';
import { bodyOf } from '../../functions/sources/web-failures.ts';

const TEXT = `{"text":"${'Größe 日本 '.repeat(20_000)}"}`;
const BYTES = Buffer.from(TEXT);

const ENCODERS: Record<string, (bytes: Buffer) => Buffer> = {
  gzip: zlib.gzipSync,
  'x-gzip': zlib.gzipSync,
  br: zlib.brotliCompressSync,
  deflate: zlib.deflateSync,
  zstd: zlib.zstdCompressSync,
};

async function* cut(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function read(encoding: string, bytes: Uint8Array, { size = 1_000, maxBytes = 10_000_000 } = {}) {
  const headers = { 'content-encoding': encoding };
  const answer = { status: 200, headers, body: cut(bytes, size), close: () => undefined };
  return collectBytes(bodyOf('https://api.example/x', answer), maxBytes);
}

describe('the body of a response with Content-Encoding', () => {
  test.for(Object.keys(ENCODERS))('%s is decoded, however it arrives', async (encoding) => {
    const encoded = ENCODERS[encoding]?.(BYTES) ?? Buffer.alloc(0);

    for (const size of [1, 7, encoded.length]) {
      const content = await read(encoding.toUpperCase(), encoded, { size });
      expect(Buffer.from(content as Uint8Array).equals(BYTES)).toBe(true);
    }
  });

  test('deflate without a zlib header is decoded', async () => {
    expect(await read('deflate', zlib.deflateRawSync(BYTES))).toEqual(new Uint8Array(BYTES));
  });

  test('of several encodings is decoded in reverse order', async () => {
    expect(await read('gzip, br', zlib.brotliCompressSync(zlib.gzipSync(BYTES)))).toEqual(
      new Uint8Array(BYTES),
    );
  });

  test('identity is returned unchanged, and an empty body stays empty', async () => {
    expect(await read('identity', BYTES)).toEqual(new Uint8Array(BYTES));
    expect(await read('gzip', new Uint8Array())).toEqual(new Uint8Array());
  });

  test('that expands beyond the limit is not read to its end', async () => {
    const bomb = zlib.gzipSync(Buffer.alloc(200_000_000));

    expect(await read('gzip', bomb, { maxBytes: 1_000_000 })).toBe('too-large');
  });

  test('that is unknown, broken or incomplete fails with its reason', async () => {
    const encoded = zlib.gzipSync(BYTES);

    await expect(read('lz5', encoded)).rejects.toMatchObject({ code: 'encoding-unsupported' });
    await expect(read('gzip', BYTES)).rejects.toMatchObject({
      name: 'PermanentFailure',
      code: 'encoding-broken',
    });
    await expect(read('gzip', encoded.subarray(0, 100))).rejects.toMatchObject({ code: 'encoding-broken' });
  });

  test('whose connection breaks is a retryable failure', async () => {
    async function* broken() {
      yield zlib.gzipSync(BYTES).subarray(0, 50);
      throw new Error('socket hang up');
    }
    const answer = {
      status: 200,
      headers: { 'content-encoding': 'gzip' },
      body: broken(),
      close: () => undefined,
    };

    await expect(collectBytes(bodyOf('https://api.example/x', answer), 1_000)).rejects.toMatchObject({
      name: 'RetryableFailure',
      message: 'api.example cannot be reached: socket hang up',
    });
  });
});

describe('the text of a response', () => {
  test.for([
    ['its charset', 'application/json; charset=ISO-8859-1', Buffer.from('Größe', 'latin1'), 'Größe'],
    ['a quoted charset', 'text/plain; x=1; Charset="windows-1251"', Buffer.from([0xcf, 0xf0]), 'Пр'],
    ['euc-kr', 'text/csv; charset=ks_c_5601-1987', Buffer.from([0x8c, 0x63, 0xb0, 0xa1]), '똠가'],
    ['big5', 'text/csv; charset=Big5', Buffer.from([0x87, 0x40, 0xa4, 0xa4]), '䏰中'],
    ['euc-jp', 'text/csv; charset=EUC-JP', Buffer.from([0xa4, 0xa2, 0x8e, 0xa7]), 'あｧ'],
    [
      'shift_jis with a control character',
      'text/csv; charset=sjis',
      Buffer.from([0x1a, 0x83, 0x5c]),
      '\x1aソ',
    ],
    ['shift_jis', 'text/csv;charset=Shift_JIS', Buffer.from([0x93, 0xfa, 0x96, 0x7b]), '日本'],
    ['UTF-8 without a charset', 'application/json', Buffer.from('日本'), '日本'],
    ['its byte order mark', 'text/plain; charset=utf-8', Buffer.from('\uFEFFab', 'utf16le'), 'ab'],
  ] as const)('is decoded by %s', async ([, type, bytes, text]) => {
    expect(await textOfAnswer({ 'content-type': type }, bytes)).toEqual({ kind: 'text', text });
  });

  test.for([
    [
      '',
      Buffer.from('ab\xe9c', 'latin1'),
      'is not valid UTF-8 at byte 2, and its Content-Type declares no charset',
    ],
    ['text/plain; charset=utf-8', Buffer.from('ab\xff', 'latin1'), 'is not valid UTF-8 at byte 2'],
    ['text/plain; charset=utf-8', Buffer.from('aé').subarray(0, 2), 'is not valid UTF-8 at byte 1'],
    ['text/plain; charset=klingon', Buffer.from('a'), "declares the charset 'klingon', which is unknown"],
  ] as const)('that declares %j and is not valid states the byte', async ([type, bytes, reason]) => {
    expect(await textOfAnswer({ 'content-type': type }, bytes)).toEqual({ kind: 'unreadable', reason });
  });

  test('is invalid at the first wrong byte of a large response', async () => {
    const bytes = Buffer.concat([Buffer.from('é'.repeat(500_000)), Buffer.from([0xff]), Buffer.from('é')]);

    expect(await textOfAnswer({}, bytes)).toMatchObject({
      reason: expect.stringContaining('at byte 1000000,'),
    });
  });
});
