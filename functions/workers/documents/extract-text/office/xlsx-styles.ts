import { patternOf } from './number-format.ts';
import type { OfficeFile } from './office-file.ts';
import { readXml } from './read-xml.ts';

/** Number format of each cell style. Cells refer to a style by its position. */
export type CellPatterns = readonly string[];

export async function readCellPatterns(
  file: OfficeFile,
  entryName: string | undefined,
): Promise<CellPatterns> {
  if (entryName === undefined) return [];
  const stored = new Map<number, string>();
  const ids: number[] = [];
  let isCellStyles = false;
  let isFormats = false;
  await readXml(file.archive, entryName, {
    step: file.step,
    open(name, { numFmtId = '0', formatCode = '' }) {
      if (name === 'numFmts') isFormats = true;
      if (name === 'numFmt' && isFormats) stored.set(Number(numFmtId), formatCode);
      if (name === 'cellXfs') isCellStyles = true;
      if (name === 'xf' && isCellStyles) ids.push(Number(numFmtId));
    },
    close(name) {
      if (name === 'numFmts') isFormats = false;
      if (name === 'cellXfs') isCellStyles = false;
    },
  });
  return ids.map((id) => patternOf(id, stored));
}
