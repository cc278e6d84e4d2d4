/** Pages of the set tree (`core/page.ts`): one unconditional write a touch, nothing read before it. */
import type { JobRun } from '#core/job.ts';
import type { PageAddress, PageState } from '#core/page.ts';
import type { Row, Table } from '#core/ports.ts';
import type { TaskPath } from '#core/task-path.ts';
import { pageKey } from './keys.ts';
import { stragglerTtlSeconds } from './retention.ts';

export interface PageTouch extends PageAddress {
  readonly run: JobRun;
  readonly path: TaskPath;
  readonly elements: ReadonlySet<bigint>;
  /** From a seal: how many children the page will have, and whether it is the node's top page. */
  readonly expected?: number;
  readonly top?: boolean;
  /** From a seal, on the first page: how many children the node has. */
  readonly children?: number;
  /** From updates, by position: thousandths of items. */
  readonly underway?: ReadonlyMap<number, number>;
}

/** So begin the attributes of a page that hold how far a chunk said it is; its position follows. */
const UNDERWAY = 'u';

/** Unites the touch with the page; answers the page before and after, both as of this very write. */
export async function touchPage(
  table: Table,
  touch: PageTouch,
  now: number,
): Promise<{ before: PageState; after: PageState }> {
  const setOnce: Record<string, unknown> = { ttl: stragglerTtlSeconds(now) };
  if (touch.expected !== undefined) setOnce['n'] = touch.expected;
  // Also where it is not the top: another seal must not make it that.
  if (touch.top !== undefined) setOnce['t'] = touch.top;
  if (touch.children !== undefined) setOnce['c'] = touch.children;
  const { row } = await table.write(
    {
      kind: 'update',
      key: pageKey(touch.run, touch.path, touch),
      change: {
        setOnce,
        ...(touch.elements.size === 0 ? {} : { add: { d: touch.elements } }),
        ...(touch.underway === undefined ? {} : { set: underwayAttributes(touch.underway) }),
      },
    },
    'old',
  );
  const before = pageOfRow(row);
  const children = before.children ?? touch.children;
  const underway = touch.underway
    ? new Map([...(before.underway ?? []), ...touch.underway])
    : before.underway;
  const expected = before.expected ?? touch.expected;
  const top = before.top ?? touch.top;
  const after: PageState = {
    elements: new Set([...before.elements, ...touch.elements]),
    ...(expected === undefined ? {} : { expected }),
    ...(top === undefined ? {} : { top }),
    ...(children === undefined ? {} : { children }),
    ...(underway === undefined ? {} : { underway }),
  };
  return { before, after };
}

export async function readPage(
  table: Table,
  run: JobRun,
  path: TaskPath,
  address: PageAddress,
): Promise<PageState> {
  const { row } = await table.get(pageKey(run, path, address));
  return pageOfRow(row);
}

function pageOfRow(row: Row | undefined): PageState {
  return {
    elements: (row?.['d'] as ReadonlySet<bigint> | undefined) ?? new Set(),
    ...(row?.['n'] === undefined ? {} : { expected: Number(row['n']) }),
    ...(row?.['t'] === undefined ? {} : { top: row['t'] === true }),
    ...(row?.['c'] === undefined ? {} : { children: Number(row['c']) }),
    ...underwayOfRow(row),
  };
}

function underwayAttributes(underway: ReadonlyMap<number, number>): Record<string, number> {
  return Object.fromEntries(
    [...underway].map(([position, thousandths]) => [`${UNDERWAY}${position}`, thousandths]),
  );
}

function underwayOfRow(row: Row | undefined): Pick<PageState, 'underway'> {
  const said = Object.entries(row ?? {}).filter(([name]) => name.startsWith(UNDERWAY));
  if (said.length === 0) return {};
  return {
    underway: new Map(said.map(([name, value]) => [Number(name.slice(UNDERWAY.length)), Number(value)])),
  };
}
