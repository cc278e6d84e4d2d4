import type { OfficeFile } from './office-file.ts';
import type { OpcPackage } from './opc-package.ts';
import { readSheet } from './xlsx-sheet.ts';
import { readAround, readWorkbook } from './xlsx-workbook.ts';

/**
 * Writes the sheets in order under their names, hidden ones too, and each row as a line of tab-separated cells. Numbers
 * and dates appear in their format. The comments and text boxes of a sheet follow its rows.
 */
export async function readXlsx(file: OfficeFile, opc: OpcPackage, main: string): Promise<void> {
  const workbook = await readWorkbook(file, opc, main);
  for (const { name, entryName } of workbook.sheets) {
    file.text.write(`${name}\n`);
    let cells = 0;
    await readSheet(file, entryName, workbook, {
      cell({ kind, text }) {
        if (kind === 'formula') return;
        file.text.write(cells === 0 ? text : `\t${text}`);
        cells += 1;
      },
      endRow() {
        if (cells > 0) file.text.write('\n');
        cells = 0;
      },
    });
    await readAround(file, opc, entryName);
    file.text.write('\n');
    file.step();
  }
}
