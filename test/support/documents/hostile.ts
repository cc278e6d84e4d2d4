/** Documents made to break, hang or flood what reads them, each of a few kilobytes. */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createDeflate, deflateSync } from 'node:zlib';
import { aZip, withRenamedEntry } from '../zips.ts';
import { jpegOfSize, pngClaiming, pngOf } from './images.ts';
import { docxOfPart, paragraph } from './office.ts';
import { pdfOf } from './pdf-objects.ts';
import { encryptedPdf, pdfOfPages } from './pdfs.ts';

/** Deflated twice, a gigabyte of blanks has a few kilobytes. */
async function deflatedGigabyte(): Promise<Buffer> {
  const piece = Buffer.alloc(2 ** 20, ' ');
  const deflated = await buffer(Readable.from(Array(1024).fill(piece)).pipe(createDeflate({ level: 1 })));
  return deflateSync(deflated);
}

const CATALOG = '<< /Type /Catalog /Pages 2 0 R >>';

/** Forms that draw the next one twenty times each: 20^12 in all. */
function formsInForms(): Buffer {
  const depth = 12;
  const draw = '/X Do '.repeat(20);
  const forms = Array.from({ length: depth }, (_, i) => {
    const next = i + 1 < depth ? `/Resources << /XObject << /X ${i + 6} 0 R >> >>` : '';
    const content = i + 1 < depth ? draw : '0 0 1 1 re f';
    const dict = `/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Length ${content.length} ${next}`;
    return `<< ${dict} >>\nstream\n${content}\nendstream`;
  });
  const page = '/MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >>';
  return pdfOf([
    CATALOG,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R ${page} >>`,
    `<< /Length ${draw.length} >>\nstream\n${draw}\nendstream`,
    ...forms,
  ]);
}

async function inflatingContent(): Promise<Buffer> {
  const content = await deflatedGigabyte();
  const dict = `<< /Length ${content.length} /Filter [/FlateDecode /FlateDecode] >>`;
  return pdfOf([
    CATALOG,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R >>',
    Buffer.concat([Buffer.from(`${dict}\nstream\n`), content, Buffer.from('\nendstream')]),
  ]);
}

/** Objects that inflate to a gigabyte before one of them can be read. */
async function inflatingObjects(): Promise<Buffer> {
  const content = await deflatedGigabyte();
  const dict = `<< /Type /ObjStm /N 1 /First 4 /Length ${content.length} /Filter [/FlateDecode /FlateDecode] >>`;
  return pdfOf([
    CATALOG,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] >>',
    Buffer.concat([Buffer.from(`${dict}\nstream\n`), content, Buffer.from('\nendstream')]),
  ]);
}

/** A tree of pages whose branch is itself. */
function endlessTree(): Buffer {
  return pdfOf([CATALOG, '<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>']);
}

function hugePage(): Buffer {
  return pdfOf([
    CATALOG,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1000000 1000000] >>',
  ]);
}

function inflatingPng(): Buffer {
  const pixel = () => [0];
  return pngOf({ width: 100, height: 100, colorType: 0, pixel, extraBytes: 50 * 2 ** 20 });
}

/** "Billion laughs" attack: entities that expand to other entities. */
const LAUGHS = `<?xml version="1.0"?><!DOCTYPE w [<!ENTITY e0 "ha"><!ENTITY e1 "&e0;&e0;">]><w:document xmlns:w="w">${paragraph('&e1;')}</w:document>`;

/** An archive with this name in it, as long as `xx/evil.txt`, which no honest tool writes. */
async function zipNaming(name: string): Promise<Buffer> {
  return withRenamedEntry(await aZip({ 'xx/evil.txt': 'evil' }), 'xx/evil.txt', name);
}

/** A TIFF of black and white pages, all with the same eight pixels. */
function tiffOf({ width = 8, height = 1, pages = 1, at = 8, last = 0 }): Buffer {
  const entries = [
    [256, 4, width],
    [257, 4, height],
    [258, 3, 1],
    [259, 3, 1],
    [262, 3, 1],
    [273, 4, at],
    [278, 4, height],
    [279, 4, 1],
  ] as const;
  const size = 2 + entries.length * 12 + 4;
  const file = Buffer.alloc(10 + pages * size);
  file.write('II*\0', 'latin1');
  file.writeUInt32LE(10, 4);
  for (let page = 0; page < pages; page += 1) {
    const start = 10 + page * size;
    file.writeUInt16LE(entries.length, start);
    for (const [i, [tag, type, value]] of entries.entries()) {
      const entry = start + 2 + i * 12;
      file.writeUInt16LE(tag, entry);
      file.writeUInt16LE(type, entry + 2);
      file.writeUInt32LE(1, entry + 4);
      file.writeUInt32LE(value, entry + 8);
    }
    file.writeUInt32LE(page + 1 < pages ? start + size : last, start + size - 4);
  }
  return file;
}

/** Width and height are two bytes each. */
function gifClaiming(width: number, height: number): Buffer {
  const gif = Buffer.from('R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=', 'base64');
  for (const at of [6, gif.indexOf(',') + 5]) {
    gif.writeUInt16LE(width, at);
    gif.writeUInt16LE(height, at + 2);
  }
  return gif;
}

function bmpClaiming(width: number, height: number): Buffer {
  const bmp = Buffer.alloc(64);
  bmp.write('BM');
  bmp.writeUInt32LE(bmp.length, 2);
  bmp.writeUInt32LE(54, 10);
  bmp.writeUInt32LE(40, 14);
  bmp.writeInt32LE(width, 18);
  bmp.writeInt32LE(height, 22);
  bmp.writeUInt16LE(1, 26);
  bmp.writeUInt16LE(24, 28);
  return bmp;
}

/** A canvas of 24 bits a side, and nothing on it. */
function webpClaiming(width: number, height: number): Buffer {
  const webp = Buffer.from('RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0'.padEnd(30, '\0'), 'latin1');
  webp.writeUIntLE(width - 1, 24, 3);
  webp.writeUIntLE(height - 1, 27, 3);
  return webp;
}

export const HOSTILE: Readonly<Record<string, () => Buffer | Promise<Buffer>>> = {
  'forms in forms': formsInForms,
  'inflating content': inflatingContent,
  'inflating objects': inflatingObjects,
  'endless tree of pages': endlessTree,
  'huge page': hugePage,
  'huge PNG': () => pngClaiming(100_000, 100_000),
  'huge JPEG': () => jpegOfSize(65_535, 65_535),
  'inflating PNG': inflatingPng,
  'huge TIFF': () => tiffOf({ width: 100_000, height: 100_000 }),
  'TIFF whose one strip is far too short': () => tiffOf({ width: 6_000, height: 6_000 }),
  'TIFF whose strip is beyond its end': () => tiffOf({ at: 100_000 }),
  'TIFF of 6,000 pages': () => tiffOf({ pages: 6_000 }),
  'endless TIFF': () => tiffOf({ pages: 3, last: 10 }),
  'TIFF that is cut off': () => tiffOf({ pages: 3 }).subarray(0, 200),
  'huge GIF': () => gifClaiming(65_535, 65_535),
  'GIF that is cut off': () => gifClaiming(100, 100).subarray(0, 30),
  'huge WebP': () => webpClaiming(16_000, 16_000),
  'huge BMP': () => bmpClaiming(30_000, 30_000),
  'BMP that is cut off': () => bmpClaiming(300, 300),
  'PDF that is cut off': async () => Buffer.from((await pdfOfPages(3)).subarray(0, 900)),
  'PDF with a password': async () =>
    Buffer.from(await encryptedPdf({ userPassword: 'secret', ownerPassword: 'owner' })),
  'docx with entities': () => docxOfPart(LAUGHS),
  'zip with ..': () => zipNaming('../evil.txt'),
  'zip with ..\\': () => zipNaming('..\\evil.txt'),
  'zip with an absolute name': () => zipNaming('/x/evil.txt'),
  'zip with a drive': () => zipNaming('C:/evil.txt'),
  'zip of zeros': () => aZip({ 'zeros.txt': Buffer.alloc(50 * 2 ** 20) }),
  'zip that is cut off': async () => (await aZip({ 'a.txt': 'text '.repeat(1_000) })).subarray(0, 60),
};
