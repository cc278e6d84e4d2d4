import { getDocumentProxy } from 'unpdf';

interface DrawnWord {
  readonly text: string;
  readonly x: number;
  readonly end: number;
  readonly y: number;
}

/** A page as a reader sees it: lines from top to bottom, each with its cells from left to right. */
export interface DrawnPage {
  readonly width: number;
  readonly height: number;
  readonly lines: readonly (readonly string[])[];
}

/** Words with a smaller gap belong to one cell. The padding of two cells is wider. */
const CELL_GAP = 3.5;
const LINE_GAP = 2;

/** Reads a PDF with another library than those that write it. */
export async function drawnPages(pdf: Uint8Array): Promise<DrawnPage[]> {
  const opened = await getDocumentProxy(new Uint8Array(pdf));
  const pages: DrawnPage[] = [];
  for (let number = 1; number <= opened.numPages; number += 1) {
    const page = await opened.getPage(number);
    const [, , width = 0, height = 0] = page.view as number[];
    const { items } = await page.getTextContent();
    const words = items.flatMap((item): DrawnWord[] => {
      if (!('str' in item) || item.str.trim() === '') return [];
      const [, , , , x = 0, y = 0] = item.transform as number[];
      return [{ text: item.str, x, end: x + item.width, y }];
    });
    pages.push({ width, height, lines: linesOf(words).map(cellsOf) });
  }
  return pages;
}

function linesOf(words: readonly DrawnWord[]): DrawnWord[][] {
  const lines: DrawnWord[][] = [];
  for (const word of [...words].sort((a, b) => b.y - a.y)) {
    const line = lines.at(-1);
    if (line?.[0] !== undefined && line[0].y - word.y < LINE_GAP) line.push(word);
    else lines.push([word]);
  }
  return lines;
}

function cellsOf(line: readonly DrawnWord[]): string[] {
  const cells: string[] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const word of [...line].sort((a, b) => a.x - b.x)) {
    const gap = word.x - end;
    if (cells.length === 0 || gap > CELL_GAP) cells.push(word.text.trim());
    else cells[cells.length - 1] += `${gap > 1 ? ' ' : ''}${word.text.trim()}`;
    end = word.end;
  }
  return cells;
}
