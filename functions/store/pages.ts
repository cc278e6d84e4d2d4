/** Pages of the set tree (`core/page.ts`): one unconditional write a touch, nothing read before it. */
import type { JobRun } from '#core/job.ts';
import type { PageAddress, PageState } from '#core/page.ts';
import type { Row, Table } from '#core/ports.ts';
import type { TaskPath } from '#core/task-path.ts';
import { pageKey } from './keys.ts';
import { ttlSeconds } from './retention.ts';

export interface PageTouch extends PageAddress {
  readonly run: JobRun;
  readonly path: TaskPath;
  readonly elements: ReadonlySet<bigint>;
  /** From a seal: how many children the page will have, and whether it is the node's top page. */
  readonly expected?: number;
  readonly top?: boolean;
  /** From a seal, on the first page: how many children the node has. */
  readonly children?: number;
}

/** Unites the touch with the page; answers the page before and after, both as of this very write. */
export async function touchPage(
  table: Table,
  touch: PageTouch,
  now: number,
): Promise<{ before: PageState; after: PageState }> {
  const setOnce: Record<string, unknown> = { ttl: ttlSeconds(now) };
  if (touch.expected !== undefined) setOnce['n'] = touch.expected;
  // Also where it is not the top: another seal must not make it that.
  if (touch.top !== undefined) setOnce['t'] = touch.top;
  if (touch.children !== undefined) setOnce['c'] = touch.children;
  const { row } = await table.write(
    {
      kind: 'update',
      key: pageKey(touch.run, touch.path, touch),
      change: { setOnce, ...(touch.elements.size === 0 ? {} : { add: { d: touch.elements } }) },
    },
    'old',
  );
  const before = pageOfRow(row);
  const children = before.children ?? touch.children;
  const expected = before.expected ?? touch.expected;
  const top = before.top ?? touch.top;
  const after: PageState = {
    elements: new Set([...before.elements, ...touch.elements]),
    ...(expected === undefined ? {} : { expected }),
    ...(top === undefined ? {} : { top }),
    ...(children === undefined ? {} : { children }),
  };
  return { before, after };
}

function pageOfRow(row: Row | undefined): PageState {
  return {
    elements: (row?.['d'] as ReadonlySet<bigint> | undefined) ?? new Set(),
    ...(row?.['n'] === undefined ? {} : { expected: Number(row['n']) }),
    ...(row?.['t'] === undefined ? {} : { top: row['t'] === true }),
    ...(row?.['c'] === undefined ? {} : { children: Number(row['c']) }),
  };
}
