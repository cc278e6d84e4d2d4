import { BoundedText } from '../bounded-text.ts';
import { showNumber } from './number-format.ts';
import { attribute, decodeEscapes, type OfficeFile } from './office-file.ts';
import type { OpcPackage } from './opc-package.ts';
import { readXml, type XmlReader } from './read-xml.ts';
import { readShapes } from './shapes.ts';
import { type CellPatterns, readCellPatterns } from './xlsx-styles.ts';

/**
 * Writes the sheets in order under their names, hidden ones too, and each row as a line of tab-separated cells. Numbers
 * and dates appear in their format. The comments and text boxes of a sheet follow its rows.
 */
export async function readXlsx(file: OfficeFile, opc: OpcPackage, main: string): Promise<void> {
  const workbook = await readWorkbook(file, main);
  const relations = await opc.relationsOf(main);
  const entryOf = (type: string) => relations.find((relation) => relation.type === type)?.entryName;
  const strings = await readStrings(file, entryOf('sharedStrings'));
  const patterns = await readCellPatterns(file, entryOf('styles'));
  for (const { id, name } of workbook.sheets) {
    const entryName = relations.find((relation) => relation.id === id)?.entryName;
    if (entryName === undefined) continue;
    file.text.write(`${decodeEscapes(name)}\n`);
    await readXml(file.archive, entryName, {
      step: file.step,
      ...sheetReader(file, { strings, patterns, startsIn1904: workbook.startsIn1904 }),
    });
    await readAround(file, opc, entryName);
    file.text.write('\n');
    file.step();
  }
}

interface Workbook {
  /** Sheets by the ids of their relations. */
  readonly sheets: readonly { readonly id: string; readonly name: string }[];
  readonly startsIn1904: boolean;
}

async function readWorkbook(file: OfficeFile, main: string): Promise<Workbook> {
  const sheets: { id: string; name: string }[] = [];
  let startsIn1904 = false;
  await readXml(file.archive, main, {
    step: file.step,
    open(element, attributes) {
      const { name = '', date1904 } = attributes;
      if (element === 'sheet') sheets.push({ id: attribute(attributes, 'id') ?? '', name });
      if (element === 'workbookPr') startsIn1904 = date1904 === '1' || date1904 === 'true';
    },
  });
  return { sheets, startsIn1904 };
}

/** Writes the comments and text boxes of a sheet. */
async function readAround(file: OfficeFile, opc: OpcPackage, sheet: string): Promise<void> {
  const relations = await opc.relationsOf(sheet);
  const threads = relations.filter(({ type }) => type === 'threadedComment');
  // For older programs, each thread has a copy among the comments.
  const comments = threads.length > 0 ? threads : relations.filter(({ type }) => type === 'comments');
  for (const { entryName } of comments) await readComments(file, entryName);
  for (const { type, entryName } of relations) if (type === 'drawing') await readShapes(file, entryName);
}

/** Writes each comment as a line. `text` has the whole text of a threaded comment, and runs of text of any other. */
async function readComments(file: OfficeFile, entryName: string): Promise<void> {
  const reader = stringReader({
    item: 'text',
    write: (text) => file.text.write(`${decodeEscapes(text)}\n`),
    isPlain: true,
  });
  await readXml(file.archive, entryName, { step: file.step, ...reader });
}

/** Returns the shared strings. Most cells refer to their text by its position in this list. */
async function readStrings(file: OfficeFile, entryName: string | undefined): Promise<readonly string[]> {
  const strings: string[] = [];
  if (entryName === undefined) return strings;
  const all = new BoundedText(file.maxCharacters);
  const write = (text: string) => {
    all.write(text);
    strings.push(decodeEscapes(text));
  };
  await readXml(file.archive, entryName, { step: file.step, ...stringReader({ item: 'si', write }) });
  return strings;
}

interface StringElements {
  /** Element of one string. */
  readonly item: string;
  readonly write: (text: string) => void;
  /** True if the item itself may contain text. */
  readonly isPlain?: boolean;
}

/** Reads strings made of runs with different fonts. Phonetic guides are not part of the text. */
function stringReader({ item, write, isPlain = false }: StringElements): XmlReader {
  let string: string | undefined;
  let isText = false;
  let phonetic = 0;
  return {
    open(name) {
      if (name === item) string = '';
      if (name === 'rPh') phonetic += 1;
      isText = phonetic === 0 && string !== undefined && (name === 't' || (isPlain && name === item));
    },
    close(name) {
      isText = false;
      if (name === 'rPh') phonetic -= 1;
      if (name !== item || string === undefined) return;
      write(string);
      string = undefined;
    },
    text(piece) {
      if (isText && string !== undefined) string += piece;
    },
  };
}

interface SheetContext {
  readonly strings: readonly string[];
  readonly patterns: CellPatterns;
  readonly startsIn1904: boolean;
}

interface Cell {
  readonly type: string;
  readonly style: number;
}

function sheetReader({ text }: OfficeFile, context: SheetContext): XmlReader {
  let cell: Cell = { type: 'n', style: 0 };
  let value = '';
  let isValue = false;
  let phonetic = 0;
  let cells = 0;
  return {
    open(name, { t: type = 'n', s: style = '0' }) {
      if (name === 'row') cells = 0;
      if (name === 'rPh') phonetic += 1;
      if (name === 'c') {
        cell = { type, style: Number(style) };
        value = '';
      }
      isValue = name === 'v' || (name === 't' && phonetic === 0);
    },
    close(name) {
      isValue = false;
      if (name === 'rPh') phonetic -= 1;
      if (name === 'row' && cells > 0) text.write('\n');
      if (name !== 'c' || value === '') return;
      const shownText = showCell(cell, value, context);
      text.write(cells === 0 ? shownText : `\t${shownText}`);
      cells += 1;
    },
    text(piece) {
      if (isValue) value += piece;
    },
  };
}

function showCell({ type, style }: Cell, value: string, context: SheetContext): string {
  const { strings, patterns, startsIn1904 } = context;
  switch (type) {
    case 's':
      return strings[Number(value)] ?? '';
    case 'b':
      return value === '1' || value === 'true' ? 'TRUE' : 'FALSE';
    case 'n':
      return showNumber(value, patterns[style] ?? 'General', { startsIn1904 });
    // Text, the text of an error, or a date as text.
    default:
      return decodeEscapes(value);
  }
}
