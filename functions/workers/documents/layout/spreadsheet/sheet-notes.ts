import { replacedNote } from '../replaced-note.ts';
import type { SheetGrid } from './sheet-grid.ts';

interface LeftOut {
  readonly grids: readonly SheetGrid[];
  readonly hiddenSheets: readonly string[];
  /** Number of charts and images. */
  readonly drawings: number;
  /** Number of characters that no font can draw. */
  readonly replaced: number;
}

/** Returns a note for each kind of content that the pages do not show. */
export function sheetNotes({ grids, hiddenSheets, drawings, replaced }: LeftOut): string[] {
  const total = (count: (grid: SheetGrid) => number) => grids.reduce((sum, grid) => sum + count(grid), 0);
  const rows = total(({ hidden }) => hidden.rows);
  const columns = total(({ hidden }) => hidden.columns);
  const uncomputed = total((grid) => grid.uncomputed);
  return [
    ...(hiddenSheets.length > 0 ? [`hidden sheets are left out: ${listed(hiddenSheets)}`] : []),
    ...(rows > 0 ? [`${rows} hidden rows are left out`] : []),
    ...(columns > 0 ? [`${columns} hidden columns are left out`] : []),
    ...(uncomputed > 0
      ? [
          `${uncomputed} formulas have no result in the file and are shown as formulas (save it with Excel to have them)`,
        ]
      : []),
    ...(drawings > 0 ? [`${drawings} charts and images are left out`] : []),
    ...(replaced > 0 ? [replacedNote(replaced)] : []),
  ];
}

const MAX_LISTED = 5;

function listed(names: readonly string[]): string {
  const more = names.length - MAX_LISTED;
  const shown = names.slice(0, MAX_LISTED).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}
