/** The widths that columns of tables need, and how they share the width of a page. */

/** Letters that are drawn side by side may be wider than each alone. */
export const SLACK = 1.03;

export interface ColumnNeeds {
  /** Width of the longest line. */
  readonly natural: number;
  /** Width below which words or numbers break. */
  readonly least: number;
}

/** Gives each column its least width, and an equal share of what it needs more. */
export function spread(columns: readonly ColumnNeeds[], available: number): number[] {
  const missing = columns.map(({ natural, least }) => Math.max(0, natural - least));
  const wanted = sumOf(missing);
  const free = available - sumOf(columns.map(({ least }) => least));
  const share = wanted === 0 ? 0 : Math.min(1, free / wanted);
  return columns.map(({ least }, at) => least + (missing[at] ?? 0) * share);
}

export function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
