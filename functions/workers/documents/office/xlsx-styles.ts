import { patternOf } from './number-format.ts';
import type { OfficeFile } from './office-file.ts';
import { readXml, type XmlReader } from './read-xml.ts';

/** Appearance of the cells that refer to this style by its position. */
export interface CellStyle {
  /** Number format. */
  readonly pattern: string;
  readonly bold: boolean;
  readonly italics: boolean;
  readonly alignment?: 'left' | 'center' | 'right';
}

export async function readCellStyles(
  file: OfficeFile,
  entryName: string | undefined,
): Promise<readonly CellStyle[]> {
  const styles: CellStyle[] = [];
  if (entryName !== undefined)
    await readXml(file.archive, entryName, { step: file.step, ...styleReader(styles) });
  return styles;
}

type Attributes = Readonly<Record<string, string>>;

function styleReader(styles: CellStyle[]): XmlReader {
  const stored = new Map<number, string>();
  const fonts: { bold: boolean; italics: boolean }[] = [];
  // The same elements occur in lists of other styles.
  let list = '';
  const isOn = ({ val = '1' }: Attributes) => val !== '0' && val !== 'false';
  const inFonts = (name: string, attributes: Attributes) => {
    if (name === 'font') fonts.push({ bold: false, italics: false });
    const font = fonts.at(-1);
    if (font !== undefined && name === 'b') font.bold = isOn(attributes);
    if (font !== undefined && name === 'i') font.italics = isOn(attributes);
  };
  const inCellStyles = (name: string, attributes: Attributes) => {
    const { numFmtId = '0', fontId = '0', horizontal = '' } = attributes;
    if (name === 'xf') {
      const { bold = false, italics = false } = fonts[Number(fontId)] ?? {};
      styles.push({ pattern: patternOf(Number(numFmtId), stored), bold, italics });
    }
    const last = styles.at(-1);
    if (last !== undefined && name === 'alignment' && isAlignment(horizontal))
      styles[styles.length - 1] = { ...last, alignment: horizontal };
  };
  return {
    open(name, attributes) {
      if (LISTS.has(name)) list = name;
      else if (list === 'numFmts' && name === 'numFmt')
        stored.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '');
      else if (list === 'fonts') inFonts(name, attributes);
      else if (list === 'cellXfs') inCellStyles(name, attributes);
    },
    close(name) {
      if (name === list) list = '';
    },
  };
}

const LISTS: ReadonlySet<string> = new Set(['numFmts', 'fonts', 'cellXfs', 'cellStyleXfs', 'dxfs']);

function isAlignment(value: string): value is 'left' | 'center' | 'right' {
  return value === 'left' || value === 'center' || value === 'right';
}
