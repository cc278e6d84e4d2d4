/** Trees of batches as their results come in: which chunks were worked on, and how many children each node has. */
import fc from 'fast-check';
import type { ReportMessage, ResultsMessage, SealMessage } from '#contract/messages.ts';
import { addTotals, NO_ITEMS, type Totals } from '#core/page.ts';
import { childPath, ROOT, type TaskPath } from '#core/task-path.ts';
import { RUN } from '../../support/jobs.ts';
import type { SeededRandom } from '../../support/memory/world.ts';

export const ITEMS_PER_TASK = 10;
export const FULL: Totals = { items: ITEMS_PER_TASK, failed: 0, skipped: 0 };

export interface TreeNode {
  readonly children: readonly (Totals | TreeNode)[];
}

/** A message to the tracker: the totals of a chunk, or the number of children of a node. */
export type Told =
  | { readonly id: string; readonly path: TaskPath; readonly index: number; readonly totals: Totals }
  | { readonly id: string; readonly path: TaskPath; readonly children: number };

const totals = fc
  .record({ items: fc.nat(ITEMS_PER_TASK), failed: fc.nat(3), skipped: fc.nat(3) })
  .map(({ items, failed, skipped }): Totals => {
    const most = Math.min(failed, items);
    return { items, failed: most, skipped: Math.min(skipped, items - most) };
  });

/** Numbers of chunks around the size of a page. */
const wide = fc.constantFrom(255, 256, 257, 513).map((count) => Array<Totals>(count).fill(FULL));

function node(depth: number): fc.Arbitrary<TreeNode> {
  const chunks = fc.oneof(
    { weight: 9, arbitrary: fc.array(fc.oneof(fc.constant(FULL), totals), { maxLength: 5 }) },
    { weight: 1, arbitrary: wide },
  );
  const batches = depth === 0 ? fc.constant([]) : fc.array(node(depth - 1), { maxLength: 3 });
  return fc.tuple(chunks, batches, fc.boolean()).map(([some, others, batchesFirst]) => ({
    children: batchesFirst ? [...others, ...some] : [...some, ...others],
  }));
}

/** Up to four levels of batches; a batch may have no children at all. */
export const anyTree = node(3);

export function toldOf(tree: TreeNode, path: TaskPath = ROOT): Told[] {
  const told: Told[] = [{ id: `${path}!`, path, children: tree.children.length }];
  for (const [index, child] of tree.children.entries()) {
    if ('children' in child) for (const one of toldOf(child, childPath(path, index))) told.push(one);
    else told.push({ id: `${path}/${index}`, path, index, totals: child });
  }
  return told;
}

export function totalsOfTree(tree: TreeNode): Totals {
  return tree.children
    .map((child) => ('children' in child ? totalsOfTree(child) : child))
    .reduce(addTotals, NO_ITEMS);
}

export function shuffled<T>(list: readonly T[], random: SeededRandom): T[] {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i -= 1) {
    const other = Math.floor(random.next() * (i + 1));
    [copy[i], copy[other]] = [copy[other] as T, copy[i] as T];
  }
  return copy;
}

/** Cut anywhere, into pieces of up to `most`. */
export function inPieces<T>(list: readonly T[], most: number, random: SeededRandom): T[][] {
  const pieces: T[][] = [];
  for (let at = 0; at < list.length; at += pieces.at(-1)?.length ?? 1) {
    pieces.push(list.slice(at, at + 1 + Math.floor(random.next() * most)));
  }
  return pieces;
}

/** Some of them a second time. */
export function repeated<T>(list: readonly T[], share: number, random: SeededRandom): T[] {
  return list.flatMap((one) => (random.next() < share ? [one, one] : [one]));
}

/** Messages that describe the tree: seals, and reports of up to ten chunks of several nodes. */
export function messagesOf(told: readonly Told[], random: SeededRandom): ResultsMessage[] {
  const seals = told.flatMap((one) => ('children' in one ? [sealOf(one.path, one.children)] : []));
  const chunks = told.flatMap((one) => ('children' in one ? [] : [one]));
  return [...seals, ...inPieces(shuffled(chunks, random), 10, random).map((piece) => reportOf(piece))];
}

export function sealOf(path: TaskPath, children: number, fields: Partial<SealMessage> = {}): ResultsMessage {
  return { v: 1, kind: 'seal', ...RUN, path, children, itemsPerTask: ITEMS_PER_TASK, ...fields };
}

export function reportOf(
  chunks: readonly { path: TaskPath; index: number; totals: Totals }[],
  fields: Partial<ReportMessage> = {},
): ReportMessage {
  const nodes = Map.groupBy(chunks, ({ path }) => path);
  return {
    v: 1,
    kind: 'report',
    ...RUN,
    itemsPerTask: ITEMS_PER_TASK,
    nodes: [...nodes].map(([path, entries]) => ({
      path,
      d: entries.flatMap(({ index, totals: of }) => (isFull(of) ? [index] : [])),
      x: entries.flatMap(({ index, totals: of }): [number, number, number, number][] =>
        isFull(of) ? [] : [[index, of.items, of.failed, of.skipped]],
      ),
    })),
    ...fields,
  };
}

function isFull({ items, failed, skipped }: Totals): boolean {
  return items === ITEMS_PER_TASK && failed === 0 && skipped === 0;
}
