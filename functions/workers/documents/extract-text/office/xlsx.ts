import { BoundedText } from '../bounded-text.ts';
import { attribute, type OfficeFile, relationsOf } from './office-file.ts';
import { readXml, type XmlReader } from './read-xml.ts';

const WORKBOOK = 'xl/workbook.xml';
const SHARED_STRINGS = 'xl/sharedStrings.xml';

/**
 * Writes the sheets in order under their names, and each row as a line of tab-separated cells. Numbers and dates appear
 * as stored.
 */
export async function readXlsx(file: OfficeFile, maxCharacters: number): Promise<void> {
  const strings = await sharedStrings(file, maxCharacters);
  for (const { name, entryName } of await sheetsInOrder(file)) {
    file.text.write(`${name}\n`);
    await readXml(file.archive, entryName, { step: file.step, ...sheetReader(file, strings) });
    file.text.write('\n');
    file.step();
  }
}

interface Sheet {
  readonly name: string;
  readonly entryName: string;
}

async function sheetsInOrder(file: OfficeFile): Promise<readonly Sheet[]> {
  const targets = await relationsOf(file, WORKBOOK);
  const sheets: Sheet[] = [];
  await readXml(file.archive, WORKBOOK, {
    step: file.step,
    open(element, attributes) {
      const entryName = element === 'sheet' ? targets.get(attribute(attributes, 'id') ?? '') : undefined;
      if (entryName === undefined || !file.archive.entries.has(entryName)) return;
      sheets.push({ name: attributes['name'] ?? '', entryName });
    },
  });
  return sheets;
}

/** Returns the shared strings. Most cells refer to their text by its position in this list. */
async function sharedStrings(file: OfficeFile, maxCharacters: number): Promise<readonly string[]> {
  const strings: string[] = [];
  if (!file.archive.entries.has(SHARED_STRINGS)) return strings;
  const all = new BoundedText(maxCharacters);
  let current = '';
  let isText = false;
  // Phonetic guides are not part of the text.
  let phonetic = 0;
  await readXml(file.archive, SHARED_STRINGS, {
    step: file.step,
    open(name) {
      if (name === 'si') current = '';
      if (name === 'rPh') phonetic += 1;
      if (name === 't') isText = phonetic === 0;
    },
    close(name) {
      if (name === 't') isText = false;
      if (name === 'rPh') phonetic -= 1;
      if (name === 'si') strings.push(current);
    },
    text(piece) {
      if (!isText) return;
      all.write(piece);
      current += piece;
    },
  });
  return strings;
}

function sheetReader({ text }: OfficeFile, strings: readonly string[]): XmlReader {
  let cellType = '';
  let value = '';
  let isValue = false;
  let cells = 0;
  return {
    open(name, attributes) {
      if (name === 'row') cells = 0;
      if (name === 'c') {
        cellType = attributes['t'] ?? 'n';
        value = '';
      }
      isValue = name === 'v' || name === 't';
    },
    close(name) {
      isValue = false;
      if (name === 'row' && cells > 0) text.write('\n');
      if (name !== 'c' || value === '') return;
      const cellText = cellType === 's' ? (strings[Number(value)] ?? '') : value;
      text.write(cells === 0 ? cellText : `\t${cellText}`);
      cells += 1;
    },
    text(piece) {
      if (isValue) value += piece;
    },
  };
}
