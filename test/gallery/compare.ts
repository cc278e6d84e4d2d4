/** Compares the pages that a worker made with what Chromium prints of the same source. */
import { type DrawnText, drawnTexts, openPdf } from '../support/documents/drawn-texts.ts';
import type { BrowserPrint } from './browser-print.ts';
import { type DrawnPage, drawPages } from './made-pages.ts';

const DPI = 36;
const POINTS_PER_PIXEL = 72 / DPI;
const MARGIN = 56;
/** Ink is darker than this shade. */
const INK = 160;
const WHITE = 255;
const FOOTER = /^\d+ \/ \d+$/;
/** Points, numbers and boxes of items, names of missing pictures, and signs that no font has. */
const ADDED = /^(?:[•☐☑○◉\ufffd,.]+|\[.*|.*\]|\(?\d+\.|[a-z]\.|[IVX]+\.)$/u;
/** More characters may be broken by the header of a table on the next page. */
const MAX_PIECE = 200;
const TOLERANCE = 2.5;

/** Returns what differs, a sentence each. */
export async function differences(pdf: Uint8Array, print: BrowserPrint): Promise<string[]> {
  const pages = await drawPages(pdf, DPI);
  const printed = await drawPages(print.pdf, DPI);
  return [
    ...lostText(pages, print),
    ...addedText(pages, print),
    ...(await movedCells(pdf, print)),
    ...pageFaults(pages, printed),
    ...inkOutside(pages),
    ...inkFaults(pages, printed),
  ];
}

/** Each piece of text is there, after the one before it. */
function lostText(pages: readonly DrawnPage[], print: BrowserPrint): string[] {
  const { text, isRightToLeft } = print;
  const own = withoutBlanks(textOf(pages, print));
  if (isRightToLeft) {
    // Readers of PDF order such lines in their own ways, so only the signs are compared.
    const count = (all: string, sign: string) => [...all].filter((one) => one === sign).length;
    const wanted = withoutBlanks(text);
    return [...new Set(wanted)]
      .filter((sign) => !'()'.includes(sign) && count(own, sign) < count(wanted, sign))
      .map((sign) => `'${sign}' is missing`);
  }
  const found: string[] = [];
  let from = 0;
  for (const piece of piecesOf(text)) {
    const at = own.indexOf(piece, from);
    if (at >= 0) from = at + piece.length;
    else found.push(own.includes(piece) ? `'${piece}' is not in its place` : `'${piece}' is missing`);
  }
  return found;
}

/** Lines, cells and sentences without their blanks. */
function piecesOf(text: string): string[] {
  return text
    .split(/[\n\t]|(?<=[.!?]) /)
    .map(withoutBlanks)
    .filter((piece) => piece !== '')
    .flatMap((piece) => (piece.length > MAX_PIECE ? [piece.slice(0, MAX_PIECE)] : [piece]));
}

/** Nothing is shown that the browser hides. */
function addedText(pages: readonly DrawnPage[], print: BrowserPrint): string[] {
  if (print.isRightToLeft) return [];
  const wanted = withoutBlanks(print.text);
  const words = textOf(pages, print).replace(/[“”]/g, '').split(/\s+/);
  return [...new Set(words)]
    .filter((word) => word !== '' && !ADDED.test(word) && !wanted.includes(word))
    .map((word) => `'${word}' is not in the source`);
}

/** Cells of a row begin at the same height, and cells of a column at the same distance from the left. */
async function movedCells(pdf: Uint8Array, { tables }: BrowserPrint): Promise<string[]> {
  const texts = await uniqueTexts(pdf);
  const found: string[] = [];
  for (const rows of tables) {
    const columns = rows[0]?.length ?? 0;
    if (rows.some(({ length }) => length !== columns)) continue;
    const firsts: (DrawnText | undefined)[] = [];
    for (const cells of rows) {
      const drawn = cells.map((cell) => texts.get(cell.trim()));
      const beside = drawn.find((text) => text !== undefined);
      for (const [column, text] of drawn.entries()) {
        if (text === undefined || beside === undefined) continue;
        if (text.page !== beside.page || Math.abs(text.y - beside.y) > TOLERANCE)
          found.push(`cell '${cells[column]}' is not beside the others of its row`);
        const above = firsts[column] ?? text;
        firsts[column] = above;
        if (!isAligned(above, text))
          found.push(`cell '${cells[column]}' is not below the others of its column`);
      }
    }
  }
  return found;
}

/** On the left, in the middle or on the right. */
function isAligned(a: DrawnText, b: DrawnText): boolean {
  return [0, 0.5, 1].some((share) => Math.abs(a.x + share * a.width - b.x - share * b.width) < TOLERANCE);
}

/** Texts that are drawn once and in one piece, with their positions. */
async function uniqueTexts(pdf: Uint8Array): Promise<ReadonlyMap<string, DrawnText>> {
  const texts = new Map<string, DrawnText | 'repeated'>();
  for (const drawn of await drawnTexts(await openPdf(pdf))) {
    const text = drawn.text.trim();
    texts.set(text, texts.has(text) ? 'repeated' : drawn);
  }
  return new Map([...texts].flatMap(([text, drawn]) => (drawn === 'repeated' ? [] : [[text, drawn]])));
}

function pageFaults(pages: readonly DrawnPage[], printed: readonly DrawnPage[]): string[] {
  const tolerance = Math.max(2, printed.length / 4);
  return Math.abs(pages.length - printed.length) <= tolerance
    ? []
    : [`it has ${pages.length} pages, and ${printed.length} printed by the browser`];
}

/** Text that reaches into the margin is cut off by printers, or beyond the page. */
function inkOutside(pages: readonly DrawnPage[]): string[] {
  return pages.flatMap((page, index) => {
    const { left, right } = inkBox(page);
    const width = page.width * POINTS_PER_PIXEL;
    const isInside = left >= MARGIN - 4 && right <= width - MARGIN + 4;
    return isInside ? [] : [`page ${index + 1} has ink from ${left} to ${right} of ${width} points`];
  });
}

function inkFaults(pages: readonly DrawnPage[], printed: readonly DrawnPage[]): string[] {
  const [own, reference] = [inkOf(pages), inkOf(printed)];
  if (reference === 0) return own === 0 ? [] : ['it has ink where the browser prints none'];
  const ratio = own / reference;
  return ratio > 0.5 && ratio < 2 ? [] : [`it has ${ratio.toFixed(2)} times the ink of the browser`];
}

function inkOf(pages: readonly DrawnPage[]): number {
  return pages.reduce((sum, { pixels }) => sum + pixels.reduce((ink, shade) => ink + WHITE - shade, 0), 0);
}

/** Distances of the outermost ink from the left edge, in points. Inside the margins if there is none. */
function inkBox({ width, pixels }: DrawnPage): { readonly left: number; readonly right: number } {
  let [left, right] = [width, 0];
  for (const [at, shade] of pixels.entries()) {
    if (shade >= INK) continue;
    left = Math.min(left, at % width);
    right = Math.max(right, at % width);
  }
  if (right === 0) return { left: MARGIN, right: MARGIN };
  return { left: left * POINTS_PER_PIXEL, right: (right + 1) * POINTS_PER_PIXEL };
}

/** Text of the pages, without their numbers and without headers of tables that continue. */
function textOf(pages: readonly DrawnPage[], { tables }: BrowserPrint): string {
  const headers = new Set(tables.map(([header = []]) => withoutBlanks(header.join(''))));
  const shown = new Set<string>();
  return pages
    .flatMap(({ text }) => {
      const lines = text.split(/\r?\n/);
      const first = withoutBlanks(lines[0] ?? '');
      const continues = headers.has(first) && shown.has(first);
      for (const line of lines) shown.add(withoutBlanks(line));
      return continues ? lines.slice(1) : lines;
    })
    .filter((line) => !FOOTER.test(line.trim()))
    .join('\n');
}

/** Quotation marks of `<q>` are not part of the text in a browser. */
function withoutBlanks(text: string): string {
  return text.replace(/[\s\u00ad\u200b“”]+/g, '');
}
