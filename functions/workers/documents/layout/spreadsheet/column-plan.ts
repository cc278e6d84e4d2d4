/** Fits the columns of a sheet on pages: smaller text, landscape pages, narrower text columns, then groups of columns. */
import type { PageFormat } from '../../pdf/page-format.ts';
import { type ColumnNeeds, spread, sumOf } from '../column-needs.ts';

export interface ColumnPlan {
  readonly orientation: PageFormat['orientation'];
  /** Factor of the font size. */
  readonly scale: number;
  /** Columns of the pages that lie side by side, and their widths. */
  readonly groups: readonly (readonly PlannedColumn[])[];
}

export interface PlannedColumn {
  readonly column: number;
  /** In points, without the padding. */
  readonly width: number;
}

export interface PlanOptions {
  /** Print widths of the page in both orientations. */
  readonly widths: Readonly<Record<PageFormat['orientation'], number>>;
  readonly orientation: PageFormat['orientation'];
  /** Padding and lines of a cell at the full font size. */
  readonly padding: number;
  /** Number of leading columns that each group repeats. */
  readonly headerColumns: number;
}

/** Smaller text is hard to read. */
const SCALES = [1, 0.85, 0.75];
const GROUP_SCALE = 0.85;
/** Repeated columns may take this part of the page. */
const MAX_REPEATED = 1 / 3;

/** The needs are those at the full font size, in points. */
export function planColumns(columns: readonly ColumnNeeds[], options: PlanOptions): ColumnPlan {
  const { widths, orientation, padding } = options;
  const orientations = [...new Set([orientation, 'landscape' as const])];
  for (const width of ['natural', 'least'] as const) {
    for (const tried of orientations) {
      for (const scale of SCALES) {
        const available = widths[tried] / scale - columns.length * padding;
        if (sumOf(columns.map((column) => column[width])) > available) continue;
        const fitted = spread(columns, available);
        return { orientation: tried, scale, groups: [planned(fitted, scale)] };
      }
    }
  }
  const available = widths.landscape / GROUP_SCALE;
  const shrunk = columns.map(({ least }) => Math.min(least, available - padding));
  const groups = balancedGroups(shrunk, available, options);
  return {
    orientation: 'landscape',
    scale: GROUP_SCALE,
    groups: groups.map((group) =>
      group.map((column) => ({ column, width: (shrunk[column] ?? 0) * GROUP_SCALE })),
    ),
  };
}

function planned(widths: readonly number[], scale: number): PlannedColumn[] {
  return widths.map((width, column) => ({ column, width: width * scale }));
}

/** Returns as few groups as possible, of similar widths. */
function balancedGroups(widths: readonly number[], available: number, options: PlanOptions): number[][] {
  const widest = groupsOf(widths, available, options);
  for (const part of [0.6, 0.7, 0.8, 0.9]) {
    const groups = groupsOf(widths, available * part, options);
    if (groups.length === widest.length) return groups;
  }
  return widest;
}

function groupsOf(
  widths: readonly number[],
  available: number,
  { padding, headerColumns }: PlanOptions,
): number[][] {
  const widthOf = (column: number) => (widths[column] ?? 0) + padding;
  const repeated = Array.from({ length: Math.max(1, headerColumns) }, (_, column) => column);
  const repeatedWidth = sumOf(repeated.map(widthOf));
  const isRepeated = repeatedWidth <= available * MAX_REPEATED;
  const groups: number[][] = [[]];
  let used = 0;
  for (const column of widths.keys()) {
    if (used + widthOf(column) > available && groups.at(-1)?.length) {
      groups.push(isRepeated ? [...repeated] : []);
      used = isRepeated ? repeatedWidth : 0;
    }
    groups.at(-1)?.push(column);
    used += widthOf(column);
  }
  return groups;
}
