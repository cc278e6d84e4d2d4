import { randomBytes } from 'node:crypto';
import { PDFDocument, StandardFonts } from '@cantoo/pdf-lib';
import { pdfOf } from './pdf-objects.ts';

const LINES = 50;

/** A PDF with this number of A4 pages full of text. */
export async function pdfOfPages(pages: number): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  const font = await document.embedFont(StandardFonts.Helvetica);
  for (let number = 1; number <= pages; number += 1) {
    const page = document.addPage([595, 842]);
    for (let line = 0; line < LINES; line += 1) {
      const text = `Page ${number}, line ${line}: some words that every line contains`;
      page.drawText(text, { x: 50, y: 790 - line * 15, size: 11, font });
    }
  }
  return document.save();
}

export async function encryptedPdf(passwords: { userPassword: string; ownerPassword: string }) {
  const document = await PDFDocument.load(await pdfOfPages(2));
  await document.encrypt(passwords);
  return document.save();
}

interface Scan {
  readonly width: number;
  readonly height: number;
  /** A byte each, by the index of the page. @default noise, which nothing can compress */
  readonly pixels?: (page: number) => Uint8Array;
}

/** A PDF with this number of A4 pages, each a gray image. */
export function pdfOfScans(
  pages: number,
  { width, height, pixels = () => randomBytes(width * height) }: Scan,
): Buffer {
  const numbers = Array.from({ length: pages }, (_, page) => 4 + page * 2);
  const kids = numbers.map((number) => `${number} 0 R`).join(' ');
  const content = 'q 595 0 0 842 0 0 cm /I Do Q';
  const image = `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceGray`;
  const scans = numbers.flatMap((number, page) => {
    const resources = `/Resources << /XObject << /I ${number + 1} 0 R >> >>`;
    const head = `<< ${image} /BitsPerComponent 8 /Length ${width * height} >>\nstream\n`;
    return [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R ${resources} >>`,
      Buffer.concat([Buffer.from(head), pixels(page), Buffer.from('\nendstream')]),
    ];
  });
  return pdfOf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages} >>`,
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    ...scans,
  ]);
}
