import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type ReactNode, useEffect, useRef, useState } from 'react';
import { useKeys } from '../frame/keyboard.ts';
import { Icon } from './icons.tsx';
import { Skeleton } from './states.tsx';
import { fits, useWidth, type Width } from './use-width.ts';

export interface Column<Row> {
  readonly id: string;
  readonly label: string;
  /** Width as a track of a CSS grid. @default minmax(0, 1fr) */
  readonly width?: string;
  readonly render: (row: Row) => ReactNode;
  /** Content of the head instead of the label. */
  readonly head?: ReactNode;
  readonly isNumber?: boolean;
  /** Field of the `sort` parameter, if the API can sort by the column. */
  readonly sortField?: string;
  /** The column is shown in windows of this width and above. @default narrow */
  readonly from?: Width;
  /** For columns of buttons and marks, whose label is only read aloud. */
  readonly isLabelHidden?: boolean;
}

export interface TableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly onOpen?: (row: Row) => void;
  readonly onSelect?: (row: Row) => void;
  readonly selectedKeys?: ReadonlySet<string>;
  /** `<field>:<asc|desc>` */
  readonly sort?: string | undefined;
  readonly onSort?: (sort: string) => void;
  /** Called when the end of the list comes into view. */
  readonly onEnd?: (() => void) | undefined;
  readonly isLoading?: boolean;
  readonly rowHeight?: number;
}

const ROW_HEIGHT = 40;
const SKELETON_ROWS = 8;
/** Rows before the end at which the next page is requested. */
const END_ROWS = 10;

/**
 * A table that draws only the rows in view, with `j` and `k` to move, Enter to open and
 * `x` to select. Its rows are placed by the script, so it has the roles of a table instead of its elements.
 */
export function Table<Row>(props: TableProps<Row>) {
  const { label, rows, rowKey, isLoading = false, rowHeight = ROW_HEIGHT, onEnd } = props;
  const width = useWidth();
  const columns = props.columns.filter(({ from = 'narrow' }) => fits(from, width));
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    initialRect: { width: 1000, height: 800 },
  });
  const active = useActiveRow(props, (index) => virtual.scrollToIndex(index));
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - END_ROWS) onEnd?.();
  }, [last, rows.length, onEnd]);
  const style = {
    '--columns': columns.map((column) => column.width ?? 'minmax(0, 1fr)').join(' '),
    '--row-height': `${rowHeight}px`,
  } as CSSProperties;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: an area that scrolls must be reachable by keyboard
    <div ref={scroller} className="table-scroll" tabIndex={0} style={style}>
      <div
        className="table"
        role="table"
        aria-label={label}
        aria-rowcount={rows.length + 1}
        aria-busy={isLoading}
      >
        <div role="rowgroup" className="table-head">
          <HeadRow {...props} columns={columns} />
        </div>
        <div role="rowgroup" className="table-body" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            const place = { index, start, isActive: index === active };
            return <BodyRow key={rowKey(row)} {...props} {...place} columns={columns} row={row} />;
          })}
        </div>
      </div>
      {isLoading && rows.length === 0 ? <Skeleton lines={SKELETON_ROWS} height="row" /> : null}
    </div>
  );
}

function HeadRow<Row>({ columns, sort, onSort }: TableProps<Row>) {
  const [field, direction] = (sort ?? '').split(/:(?=asc$|desc$)/);
  return (
    <div role="row" className="table-row table-labels" aria-rowindex={1}>
      {columns.map((column) => {
        const { id, label, head, isNumber, sortField, isLabelHidden } = column;
        const isSorted = sortField !== undefined && sortField === field;
        const order = isSorted ? (direction === 'asc' ? 'ascending' : 'descending') : undefined;
        const text = head ?? (isLabelHidden ? <span className="read-only">{label}</span> : label);
        return (
          <div key={id} role="columnheader" className={isNumber ? 'cell number' : 'cell'} aria-sort={order}>
            {sortField === undefined || onSort === undefined ? (
              text
            ) : (
              <button
                type="button"
                className="sort"
                onClick={() => onSort(`${sortField}:${isSorted && direction === 'desc' ? 'asc' : 'desc'}`)}
              >
                {text}
                {isSorted ? <Icon name={direction === 'asc' ? 'up' : 'down'} /> : null}
              </button>
            )}
          </div>
        );
      })}
    </div>
  );
}

type BodyRowProps<Row> = TableProps<Row> & {
  readonly row: Row;
  readonly index: number;
  readonly start: number;
  readonly isActive: boolean;
};

function BodyRow<Row>({
  columns,
  row,
  rowKey,
  index,
  start,
  isActive,
  onOpen,
  selectedKeys,
}: BodyRowProps<Row>) {
  const classes = ['table-row', 'table-item'];
  if (onOpen !== undefined) classes.push('table-link');
  if (isActive) classes.push('table-active');
  if (selectedKeys?.has(rowKey(row))) classes.push('table-selected');
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a link in the row and the key Enter do the same
    <div
      role="row"
      aria-rowindex={index + 2}
      className={classes.join(' ')}
      style={{ transform: `translateY(${start}px)` }}
      onClick={(event) => {
        if (!isControl(event.target) && getSelection()?.type !== 'Range') onOpen?.(row);
      }}
    >
      {columns.map(({ id, render, isNumber }) => (
        <div key={id} role="cell" className={isNumber ? 'cell number' : 'cell'}>
          {render(row)}
        </div>
      ))}
    </div>
  );
}

function isControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest('a, button, input, label, select') !== null;
}

/** Returns the row that the keys have moved to. */
function useActiveRow<Row>(
  { rows, onOpen, onSelect }: TableProps<Row>,
  show: (index: number) => void,
): number {
  const [active, setActive] = useState(-1);
  const move = (step: number) => () => {
    const next = Math.min(rows.length - 1, Math.max(0, active + step));
    setActive(next);
    if (rows.length > 0) show(next);
  };
  const act = (action: ((row: Row) => void) | undefined) => () => {
    const row = rows[active];
    if (row !== undefined) action?.(row);
  };
  useKeys({ j: move(1), k: move(-1), o: act(onOpen), x: act(onSelect), Enter: act(onOpen) });
  return active;
}
