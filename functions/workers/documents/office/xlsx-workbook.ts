import { BoundedText } from '../text/bounded-text.ts';
import { attribute, decodeEscapes, type OfficeFile } from './office-file.ts';
import type { OpcPackage } from './opc-package.ts';
import { readXml, type XmlReader } from './read-xml.ts';
import { readShapes } from './shapes.ts';
import { type CellStyle, readCellStyles } from './xlsx-styles.ts';

export interface SheetEntry {
  readonly name: string;
  /** Entry of the archive. */
  readonly entryName: string;
  readonly isHidden: boolean;
  /** True for a sheet that is a single chart. */
  readonly isChart: boolean;
  /** Rows and columns that are printed on each page, such as `'Sheet 1'!$A:$A,'Sheet 1'!$1:$2`. */
  readonly printTitles: string;
}

/** Sheets of a workbook, and the lists that their cells refer to. */
export interface Workbook {
  readonly sheets: readonly SheetEntry[];
  readonly strings: readonly string[];
  readonly styles: readonly CellStyle[];
  readonly startsIn1904: boolean;
}

export async function readWorkbook(file: OfficeFile, opc: OpcPackage, main: string): Promise<Workbook> {
  const { sheets, printTitles, startsIn1904 } = await readMain(file, main);
  const relations = await opc.relationsOf(main);
  const entryOf = (type: string) => relations.find((relation) => relation.type === type)?.entryName;
  return {
    sheets: sheets.flatMap(({ id, name, isHidden }, position) => {
      const relation = relations.find((one) => one.id === id);
      if (relation === undefined) return [];
      return {
        name: decodeEscapes(name),
        entryName: relation.entryName,
        isHidden,
        isChart: relation.type === 'chartsheet',
        printTitles: printTitles.get(position) ?? '',
      };
    }),
    strings: await readStrings(file, entryOf('sharedStrings')),
    styles: await readCellStyles(file, entryOf('styles')),
    startsIn1904,
  };
}

interface MainPart {
  /** Sheets by the ids of their relations. */
  readonly sheets: { readonly id: string; readonly name: string; readonly isHidden: boolean }[];
  /** By the position of the sheet. */
  readonly printTitles: Map<number, string>;
  startsIn1904: boolean;
}

async function readMain(file: OfficeFile, main: string): Promise<MainPart> {
  const found: MainPart = { sheets: [], printTitles: new Map(), startsIn1904: false };
  let titlesOf: number | undefined;
  await readXml(file.archive, main, {
    step: file.step,
    open(element, attributes) {
      const { name = '', state = 'visible', date1904, localSheetId = '' } = attributes;
      if (element === 'sheet')
        found.sheets.push({ id: attribute(attributes, 'id') ?? '', name, isHidden: state !== 'visible' });
      if (element === 'workbookPr') found.startsIn1904 = date1904 === '1' || date1904 === 'true';
      titlesOf =
        element === 'definedName' && name === '_xlnm.Print_Titles' ? Number(localSheetId) : undefined;
    },
    close() {
      titlesOf = undefined;
    },
    text(piece) {
      if (titlesOf !== undefined)
        found.printTitles.set(titlesOf, (found.printTitles.get(titlesOf) ?? '') + piece);
    },
  });
  return found;
}

/** Writes the comments and text boxes of a sheet. */
export async function readAround(file: OfficeFile, opc: OpcPackage, sheet: string): Promise<void> {
  const relations = await opc.relationsOf(sheet);
  const threads = relations.filter(({ type }) => type === 'threadedComment');
  // For older programs, each thread has a copy among the comments.
  const comments = threads.length > 0 ? threads : relations.filter(({ type }) => type === 'comments');
  for (const { entryName } of comments) await readComments(file, entryName);
  for (const { type, entryName } of relations) if (type === 'drawing') await readShapes(file, entryName);
}

const DRAWN = new Set(['chart', 'chartEx', 'image']);

/** Returns the number of charts and images of a sheet. */
export async function countDrawings(opc: OpcPackage, sheet: string): Promise<number> {
  let count = 0;
  for (const drawing of await opc.related(sheet, 'drawing')) {
    const relations = await opc.relationsOf(drawing.entryName);
    count += relations.filter(({ type }) => DRAWN.has(type)).length;
  }
  return count;
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
