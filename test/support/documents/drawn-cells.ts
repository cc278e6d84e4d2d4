import { type DrawnText, drawnTexts, openPdf } from './drawn-texts.ts';

/** A page as a reader sees it: lines from top to bottom, each with its cells from left to right. */
export interface DrawnPage {
  readonly width: number;
  readonly height: number;
  readonly lines: readonly (readonly string[])[];
}

/** Words with a smaller gap belong to one cell. The padding of two cells is wider. */
const CELL_GAP = 3.5;
const LINE_GAP = 2;

export async function drawnPages(pdf: Uint8Array): Promise<DrawnPage[]> {
  const opened = await openPdf(pdf);
  const texts = Map.groupBy(await drawnTexts(opened), ({ page }) => page);
  const pages: DrawnPage[] = [];
  for (let number = 1; number <= opened.numPages; number += 1) {
    const [, , width = 0, height = 0] = (await opened.getPage(number)).view as number[];
    pages.push({ width, height, lines: linesOf(texts.get(number) ?? []).map(cellsOf) });
  }
  return pages;
}

function linesOf(words: readonly DrawnText[]): DrawnText[][] {
  const lines: DrawnText[][] = [];
  for (const word of [...words].sort((a, b) => b.y - a.y)) {
    const line = lines.at(-1);
    if (line?.[0] !== undefined && line[0].y - word.y < LINE_GAP) line.push(word);
    else lines.push([word]);
  }
  return lines;
}

function cellsOf(line: readonly DrawnText[]): string[] {
  const cells: string[] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const word of [...line].sort((a, b) => a.x - b.x)) {
    const gap = word.x - end;
    if (cells.length === 0 || gap > CELL_GAP) cells.push(word.text.trim());
    else cells[cells.length - 1] += `${gap > 1 ? ' ' : ''}${word.text.trim()}`;
    end = word.x + word.width;
  }
  return cells;
}
