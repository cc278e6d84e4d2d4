import type { OfficeFile } from './office-file.ts';
import { readXml, type XmlReader } from './read-xml.ts';

/** Entries with text, in output order. */
const STORIES = ['word/document.xml', 'word/footnotes.xml', 'word/endnotes.xml'];

/** Elements to skip: properties, whose `tab` is a tab stop, and duplicates for older programs. */
const SILENT = new Set(['pPr', 'rPr', 'Fallback']);

const BREAKS: Readonly<Record<string, string>> = { tab: '\t', br: '\n', cr: '\n', noBreakHyphen: '-' };

/** Writes each paragraph of a Word document as a line, and each table row as a line of tab-separated cells. */
export async function readDocx(file: OfficeFile): Promise<void> {
  for (const story of STORIES) {
    if (file.archive.entries.has(story)) {
      await readXml(file.archive, story, { step: file.step, ...storyReader(file) });
    }
  }
}

function storyReader({ text }: OfficeFile): XmlReader {
  let isText = false;
  let silent = 0;
  let cells = 0;
  return {
    open(name) {
      if (SILENT.has(name)) silent += 1;
      if (silent > 0) return;
      if (name === 't') isText = true;
      if (name === 'tc') cells += 1;
      text.write(BREAKS[name] ?? '');
    },
    close(name) {
      if (SILENT.has(name)) silent -= 1;
      if (silent > 0) return;
      if (name === 't') isText = false;
      if (name === 'p') text.write(cells > 0 ? ' ' : '\n');
      if (name === 'tc') {
        cells -= 1;
        text.write('\t');
      }
      if (name === 'tr') text.write('\n');
    },
    text(piece) {
      if (isText) text.write(piece);
    },
  };
}
