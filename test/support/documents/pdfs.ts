import { PDFDocument, StandardFonts } from '@cantoo/pdf-lib';

const LINES = 50;

/** A PDF of so many A4 pages full of text. */
export async function pdfOfPages(pages: number): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  const font = await document.embedFont(StandardFonts.Helvetica);
  for (let number = 1; number <= pages; number += 1) {
    const page = document.addPage([595, 842]);
    for (let line = 0; line < LINES; line += 1) {
      const text = `Page ${number}, line ${line}: some words that stand in every one of them`;
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
