/** Divides the width of the page among the columns of a table, so that all of them are on it. */
import type { Block, TableBlock } from './blocks.ts';
import { type ColumnNeeds, SLACK, spread, sumOf } from './column-needs.ts';
import type { Inline } from './paragraph.ts';
import { type TableGrid, tableGrid } from './table-grid.ts';

/** Text of a narrow table never becomes smaller than this share of the font size. */
const MIN_SCALE = 0.6;
/** A longer word is broken before it makes the other text of the table smaller. In points. */
const WIDEST_WORD = 140;
const IMAGE_WIDTH = 120;
/** Points, numbers and indents. */
const MARGIN = 18;

export interface TableWidths {
  readonly columns: readonly number[];
  /** Size of the text, from 0.6 to 1. */
  readonly scale: number;
}

interface MeasureOptions {
  /** Space beside the text of a cell. */
  readonly padding: number;
  readonly widthOf: (inline: Inline) => number;
}

export interface WidthOptions extends MeasureOptions {
  readonly width: number;
}

export function tableWidths(grid: TableGrid, { width, ...options }: WidthOptions): TableWidths {
  const available = width - grid.columns * options.padding;
  const columns = measuredColumns(grid, options);
  const natural = columns.map((column) => column.natural);
  if (sumOf(natural) <= available) return { columns: natural, scale: 1 };
  const least = columns.map((column) => Math.min(column.least, WIDEST_WORD));
  const scale = Math.min(1, Math.max(MIN_SCALE, available / sumOf(least)));
  const scaled = columns.map((column) => ({ natural: column.natural * scale, least: column.least * scale }));
  const words = scaled.map((column) => column.least);
  return {
    columns: sumOf(words) <= available ? spread(scaled, available) : capped(words, available),
    scale,
  };
}

/** Cells over several columns widen the last of them if they are too narrow together. */
function measuredColumns({ columns, cells }: TableGrid, options: MeasureOptions): ColumnNeeds[] {
  const widths = Array.from({ length: columns }, (): ColumnNeeds => ({ natural: 1, least: 1 }));
  const byColumns = [...cells].sort((a, b) => a.columns - b.columns);
  for (const { cell, column, columns: count } of byColumns) {
    const needed = measured(cell.blocks, options);
    const before = widths.slice(column, column + count - 1);
    const rest = (kind: keyof ColumnNeeds) =>
      needed[kind] - sumOf(before.map((one) => one[kind] + options.padding));
    const last = column + count - 1;
    const own = widths[last] as ColumnNeeds;
    widths[last] = {
      natural: Math.max(own.natural, rest('natural')),
      least: Math.max(own.least, rest('least')),
    };
  }
  return widths;
}

function measured(blocks: readonly Block[], options: MeasureOptions): ColumnNeeds {
  let [natural, least] = [0, 0];
  for (const block of blocks) {
    const one = measuredBlock(block, options);
    natural = Math.max(natural, one.natural);
    least = Math.max(least, one.least);
  }
  return { natural, least };
}

function measuredBlock(block: Block, options: MeasureOptions): ColumnNeeds {
  switch (block.kind) {
    case 'paragraph':
    case 'code':
      return measuredText(block.inlines, options);
    case 'indented':
    case 'group':
      return widened(measured(block.blocks, options));
    case 'list':
      return widened(measured(block.items.flat(), options));
    case 'table':
      return measuredTable(block, options);
    case 'image':
      return { natural: IMAGE_WIDTH, least: IMAGE_WIDTH };
    case 'rule':
      return { natural: 0, least: 0 };
  }
}

function measuredTable(table: TableBlock, options: MeasureOptions): ColumnNeeds {
  const columns = measuredColumns(tableGrid(table), options);
  const padding = (columns.length + 1) * options.padding;
  return {
    natural: sumOf(columns.map((column) => column.natural)) + padding,
    least: sumOf(columns.map((column) => column.least)) + padding,
  };
}

function measuredText(inlines: readonly Inline[], { widthOf }: MeasureOptions): ColumnNeeds {
  let [line, natural, least] = [0, 0, 0];
  for (const inline of inlines) {
    for (const [at, text] of inline.text.split('\n').entries()) {
      if (at > 0) line = 0;
      line += widthOf({ ...inline, text });
      natural = Math.max(natural, line);
    }
    for (const word of longestWords(inline.text)) least = Math.max(least, widthOf({ ...inline, text: word }));
  }
  return { natural: natural * SLACK, least: least * SLACK };
}

/** The widest word is nearly always among those with the most letters. */
function longestWords(text: string): readonly string[] {
  return text
    .split(/\s+/)
    .sort((a, b) => b.length - a.length)
    .slice(0, 3);
}

function widened({ natural, least }: ColumnNeeds): ColumnNeeds {
  return { natural: natural + MARGIN, least: least + MARGIN };
}

/** Cuts the widest columns to the same width. Their words are broken. */
function capped(widths: readonly number[], available: number): number[] {
  const ascending = [...widths].sort((a, b) => a - b);
  let left = available;
  for (const [at, width] of ascending.entries()) {
    const share = left / (ascending.length - at);
    if (width > share) return widths.map((one) => Math.min(one, share));
    left -= width;
  }
  return [...widths];
}
