/**
 * `npm run gallery -- FOLDER [--only NAME]` makes every document of the gallery, and writes its pages as pictures into the
 * folder, beside what Chromium prints. Open `index.html` there.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BrowserPrinter } from './browser-print.ts';
import { GALLERY, PRINTABLE } from './gallery.ts';
import type { GalleryDocument } from './gallery-document.ts';
import { drawPages, made, pngOfPage } from './made-pages.ts';

const DPI = 60;
const MAX_PAGES = 6;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { only: { type: 'string' } } });
const [folder] = positionals;
if (folder === undefined) throw new Error('name the folder for the pictures: npm run gallery -- FOLDER');
mkdirSync(folder, { recursive: true });

const printer = await BrowserPrinter.start();
const sections: string[] = [];
for (const document of GALLERY) {
  if (values.only !== undefined && !document.name.startsWith(values.only)) continue;
  sections.push(await sectionOf(document));
  console.log(document.name);
}
await printer.stop();
writeFileSync(
  join(folder, 'index.html'),
  `<!DOCTYPE html><meta charset="utf-8"><title>Gallery</title><style>body{font:14px sans-serif;background:#ddd}img{margin:4px;vertical-align:top}</style>${sections.join('')}`,
);
console.log(`open ${join(folder, 'index.html')}`);

async function sectionOf(document: GalleryDocument): Promise<string> {
  const { filename, bytes, note } = await made(document);
  const own = filename.endsWith('.pdf') ? await picturesOf(bytes, document.name) : [keep(filename, bytes)];
  const printable = PRINTABLE.find(({ name }) => name === document.name);
  const reference =
    printable === undefined
      ? []
      : await picturesOf((await printer.print(printable)).pdf, `${document.name}.chromium`);
  return `<h2>${document.name}</h2><p>${document.shows}. ${note}</p><div>${own.join('')}</div><div>${reference.join('')}</div>`;
}

async function picturesOf(pdf: Uint8Array, name: string): Promise<string[]> {
  const pages = await drawPages(pdf, DPI, MAX_PAGES);
  return pages.map((page, index) => keep(`${name}.${index + 1}.png`, pngOfPage(page)));
}

/** Browsers show no TIFF, so it becomes a link. */
function keep(name: string, bytes: Uint8Array): string {
  writeFileSync(join(folder as string, name), bytes);
  return name.endsWith('.png') ? `<img src="${name}" alt="${name}">` : `<a href="${name}">${name}</a>`;
}
