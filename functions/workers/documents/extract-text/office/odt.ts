import type { OfficeFile } from './office-file.ts';
import { readXml } from './read-xml.ts';

/** What was deleted, remarks of reviewers, and what only numbers a footnote. */
const SILENT = new Set(['tracked-changes', 'annotation', 'note-citation']);

/** An attribute may ask for more blanks than any text has. */
const MAX_BLANKS = 100;

/** Paragraphs and headings of an OpenDocument text as lines, rows of its tables as lines of cells with tabs between. */
export async function readOdt({ archive, text, step }: OfficeFile): Promise<void> {
  let silent = 0;
  let paragraphs = 0;
  let cells = 0;
  await readXml(archive, 'content.xml', {
    step,
    open(name, attributes) {
      if (SILENT.has(name)) silent += 1;
      if (silent > 0) return;
      if (name === 'p' || name === 'h') paragraphs += 1;
      if (name === 'table-cell') cells += 1;
      if (name === 'tab') text.write('\t');
      if (name === 'line-break') text.write('\n');
      if (name === 's') text.write(' '.repeat(Math.min(Number(attributes['text:c'] ?? 1) || 1, MAX_BLANKS)));
    },
    close(name) {
      if (SILENT.has(name)) silent -= 1;
      if (silent > 0) return;
      if (name === 'p' || name === 'h') {
        paragraphs -= 1;
        text.write(cells > 0 ? ' ' : '\n');
      }
      if (name === 'table-cell') {
        cells -= 1;
        text.write('\t');
      }
      if (name === 'table-row') text.write('\n');
    },
    text(piece) {
      // Files that are made to be read have line ends and blanks between the elements.
      if (paragraphs > 0 && silent === 0) text.write(piece.replace(/\s+/g, ' '));
    },
  });
}
