/**
 * Pages of the tracking tree (`core/page.ts`). A touch is one unconditional write without a read before it.
 */
import type { JobRun } from '#core/job.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { decodeLog, encodeLog } from '#core/outcome-log.ts';
import { type PageAddress, type PageState, positionOf } from '#core/page.ts';
import type { Row, Table } from '#core/ports.ts';
import type { OutcomeRef } from '#core/recorded-outcomes.ts';
import type { TaskPath } from '#core/task-path.ts';
import { pageKey } from './keys.ts';
import { stragglerTtlSeconds } from './retention.ts';

export interface PageTouch extends PageAddress {
  readonly run: JobRun;
  readonly path: TaskPath;
  readonly elements: ReadonlySet<bigint>;
  /** Recorded outcomes of chunks among the elements. */
  readonly outcomes?: readonly OutcomeRef[];
  /** Set by a seal: number of children in the page, and true if it is the top page of the node. */
  readonly expected?: number;
  readonly top?: boolean;
  /** Set by a seal on the first page: number of children of the node. */
  readonly children?: number;
  /** Set by updates: progress of a chunk in thousandths of items, by position in the page. */
  readonly underway?: ReadonlyMap<number, number>;
}

/** Prefix of the attributes with the progress of a chunk, followed by its position in the page. */
const UNDERWAY = 'u';

/** Attributes of a page row, short because a page is written for every chunk. */
const ATTRIBUTES = { elements: 'd', expected: 'n', top: 't', children: 'c', log: 'o' } as const;

/** Merges the touch into the page. Returns the page before and after this write. */
export async function touchPage(
  table: Pick<Table, 'write'>,
  touch: PageTouch,
  now: number,
): Promise<{ before: PageState; after: PageState }> {
  const setOnce: Record<string, unknown> = { ttl: stragglerTtlSeconds(now) };
  if (touch.expected !== undefined) setOnce[ATTRIBUTES.expected] = touch.expected;
  // Stored even if false, so that another seal cannot make this page the top page.
  if (touch.top !== undefined) setOnce[ATTRIBUTES.top] = touch.top;
  if (touch.children !== undefined) setOnce[ATTRIBUTES.children] = touch.children;
  const log = encodeLog(touch.outcomes ?? []);
  const { row } = await table.write(
    {
      kind: 'update',
      key: pageKey(touch.run, touch.path, touch),
      change: {
        setOnce,
        ...(touch.elements.size === 0 ? {} : { add: { [ATTRIBUTES.elements]: touch.elements } }),
        ...(log.length === 0 ? {} : { append: { [ATTRIBUTES.log]: log } }),
        ...omitUndefined({ set: touch.underway && underwayAttributes(touch.underway) }),
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
  const outcomes = new Map(before.outcomes);
  for (const ref of touch.outcomes ?? []) {
    const position = positionOf(ref.element);
    if (!outcomes.has(position)) outcomes.set(position, ref);
  }
  const after: PageState = {
    ...contentOf([...before.elements, ...touch.elements], outcomes),
    ...omitUndefined({ expected, top, children, underway }),
  };
  return { before, after };
}

export async function readPage(
  table: Table,
  run: JobRun,
  path: TaskPath,
  address: PageAddress,
): Promise<PageState> {
  const { row } = await table.get(pageKey(run, path, address), { strong: true });
  return pageOfRow(row);
}

function pageOfRow(row: Row | undefined): PageState {
  const expected = row?.[ATTRIBUTES.expected];
  const top = row?.[ATTRIBUTES.top];
  const children = row?.[ATTRIBUTES.children];
  return {
    ...contentOf((row?.[ATTRIBUTES.elements] as ReadonlySet<bigint> | undefined) ?? [], outcomesOfRow(row)),
    ...(expected === undefined ? {} : { expected: Number(expected) }),
    ...(top === undefined ? {} : { top: top === true }),
    ...(children === undefined ? {} : { children: Number(children) }),
    ...underwayOfRow(row),
  };
}

function outcomesOfRow(row: Row | undefined): Map<number, OutcomeRef> {
  return decodeLog((row?.[ATTRIBUTES.log] as readonly string[] | undefined) ?? []);
}

/** Returns the elements that count and the recorded outcomes. A chunk in the log has only the element of its first entry. */
function contentOf(
  elements: Iterable<bigint>,
  outcomes: ReadonlyMap<number, OutcomeRef>,
): Pick<PageState, 'elements' | 'outcomes'> {
  if (outcomes.size === 0) return { elements: new Set(elements) };
  const counted = [...elements].filter((element) => {
    const recorded = outcomes.get(positionOf(element));
    return recorded === undefined || recorded.element === element;
  });
  return { elements: new Set(counted), outcomes };
}

function underwayAttributes(underway: ReadonlyMap<number, number>): Record<string, number> {
  return Object.fromEntries(
    [...underway].map(([position, thousandths]) => [`${UNDERWAY}${position}`, thousandths]),
  );
}

function underwayOfRow(row: Row | undefined): Pick<PageState, 'underway'> {
  const entries = Object.entries(row ?? {}).filter(([name]) => name.startsWith(UNDERWAY));
  if (entries.length === 0) return {};
  return {
    underway: new Map(entries.map(([name, value]) => [Number(name.slice(UNDERWAY.length)), Number(value)])),
  };
}
