import type { OfficeFile } from './office-file.ts';
import { readXml } from './read-xml.ts';

/** Elements to skip: deleted text, reviewers' comments, and footnote numbers. */
const SILENT = new Set(['tracked-changes', 'annotation', 'note-citation']);

/** Bounds the number of spaces that an attribute can request. */
const MAX_BLANKS = 100;

/**
 * Writes each paragraph and heading of an OpenDocument text as a line, and each table row as a line of tab-separated
 * cells.
 */
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
      // Pretty-printed files have line ends and spaces between the elements.
      if (paragraphs > 0 && silent === 0) text.write(piece.replace(/\s+/g, ' '));
    },
  });
}
