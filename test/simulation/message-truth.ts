/** Records the messages of a run in its truth, and compares each with the earlier ones. */
import type { ChunkMessage, ProgressMessage, ReportMessage, SplitMessage } from '#contract/messages.ts';
import { itemsOfRange, type OutcomeRecord } from '#core/item.ts';
import { parentOf, ROOT } from '#core/task-path.ts';
import { outcomeTotals } from '../../functions/store/outcomes.ts';
import { type Reported, type RunTruth, type SentChild, sameIds } from './truth.ts';

/** Reports a violated invariant. */
type Violated = (invariant: string, detail: string) => void;

/** Records a chunk that the splitter sends to its first worker. */
export function sentChunk(truth: RunTruth, message: ChunkMessage, violated: Violated): SentChild {
  const { path, index, done = [], doneKey } = message;
  const open = itemIdsOf(truth, message);
  const records = done as OutcomeRecord[];
  const doneIds = doneKey === undefined ? records.map(({ id }) => id) : (truth.itemsAt.get(doneKey) ?? []);
  const items = open && [...open, ...doneIds];
  if (open !== undefined && doneKey === undefined && truth.overAt === undefined && truth.flow === undefined)
    truth.takeover?.checkChunk(`${path}/${index}`, open, records, violated);
  const { range, itemsKey, parameters, sources } = message;
  const content = JSON.stringify([message.items, range, itemsKey, parameters, done, doneKey, sources]);
  const node = truth.node(path);
  const known = node.children.get(index);
  if (known === undefined) {
    const child: SentChild = { kind: 'chunk', content, items, sends: 1 };
    node.children.set(index, child);
    truth.itemsSent += items?.length ?? 0;
    return child;
  }
  known.sends += 1;
  checkSame(truth, `${path}/${index}`, [known.content, content], violated);
  return known;
}

interface Recorded {
  readonly path: string;
  readonly index: number;
  readonly report: Reported;
}

/** Records a chunk of a retry without open items, which the splitter itself reports. */
function recordedChunk(truth: RunTruth, { path, index, report }: Recorded, violated: Violated): void {
  const { children } = truth.node(path);
  const known = children.get(index);
  // The same step may have another path in the earlier run.
  const items = truth.flow === undefined ? truth.itemsOf(path, index) : undefined;
  if (known === undefined) {
    children.set(index, { kind: 'chunk', content: 'recorded', items, sends: 1 });
    truth.itemsSent += report[0];
  } else checkSame(truth, `${path}/${index}`, [known.content, 'recorded'], violated);
}

function checkSame(
  truth: RunTruth,
  address: string,
  [before, now]: readonly [string, string],
  violated: Violated,
): void {
  // A late splitter of a deleted job finds no manifest and splits again, but no function processes its
  // messages.
  if (before === now || truth.overAt !== undefined) return;
  if (truth.takeover?.earlier.isDisputed(address) === true) return;
  violated('a child is always sent with the same content', `${address}: ${before} then ${now}`);
}

/** Records a batch sent to the split queue for the first time. A continuation does not count. */
export function sentBatch(truth: RunTruth, message: SplitMessage, violated: Violated): SentChild | undefined {
  const place = parentOf(message.path);
  // A visit is not a sent batch: its message goes back to the splitter that created it.
  if (place === undefined || (truth.flow !== undefined && place.path === ROOT)) {
    truth.node(message.path);
    return undefined;
  }
  const { splitter, definition, definitionKey } = message;
  const content = JSON.stringify([splitter, definition, definitionKey]);
  const node = truth.node(place.path);
  truth.node(message.path);
  const known = node.children.get(place.index);
  if (known === undefined) {
    const child: SentChild = { kind: 'batch', content, items: undefined, sends: 1 };
    node.children.set(place.index, child);
    return child;
  }
  known.sends += 1;
  checkSame(truth, message.path, [known.content, content], violated);
  return known;
}

/** Checks a chunk that is retried or sent to the next worker. It keeps the same items, some perhaps final. */
export function sentOn(truth: RunTruth, message: ChunkMessage, violated: Violated): void {
  const child = truth.nodes.get(message.path)?.children.get(message.index);
  const ids = itemIdsOf(truth, message);
  if (child?.items === undefined || ids === undefined || message.doneKey !== undefined) return;
  const records = (message.done ?? []) as OutcomeRecord[];
  if (records.some(({ isUnnamed }) => isUnnamed === true)) return;
  const done = records.map(({ id }) => id);
  if (sameIds([...ids, ...done], child.items)) return;
  violated(
    'a chunk keeps its items',
    `${message.path}/${message.index}: ${child.items} became ${[...ids, ...done]}`,
  );
}

/**
 * Records a report. `isTakenOver` is true for a retry's splitter, which reports chunks without open items.
 */
export function sentReport(
  truth: RunTruth,
  message: ReportMessage,
  isTakenOver: boolean,
  violated: Violated,
): void {
  for (const { path, d, x } of message.nodes) {
    const plain = d.map((index): [number, Reported] => [index, [message.itemsPerTask, 0, 0]]);
    const others = x.map(([index, ...rest]): [number, Reported] => [index, rest]);
    for (const [index, report] of [...plain, ...others]) {
      if (isTakenOver) {
        recordedChunk(truth, { path, index, report }, violated);
        if (truth.overAt === undefined && truth.flow === undefined)
          truth.takeover?.checkReport(`${path}/${index}`, report, violated);
      }
      const child = truth.nodes.get(path)?.children.get(index);
      if (child?.kind !== 'chunk') violated('only sent chunks are reported', `${path}/${index}`);
      if (child?.items !== undefined && child.items.length !== report[0]) {
        violated('a report counts every item', `${path}/${index}: ${report[0]} of ${child.items.length}`);
      }
      addReported(truth, `${path}/${index}`, report);
    }
  }
}

export function sentUpdate(truth: RunTruth, { path, index, items, fraction }: ProgressMessage): void {
  const address = `${path}/${index}`;
  const before = truth.said.get(address) ?? 0;
  const now = 1_000 * fraction * items;
  truth.saidLess ||= now < before;
  truth.said.set(address, Math.max(before, now));
}

/** Records an unroutable chunk: the tracker records it as failed, unless a duplicate was recorded first. */
export function sentAside(truth: RunTruth, chunk: ChunkMessage): void {
  const address = `${chunk.path}/${chunk.index}`;
  const { items, failed, skipped } = outcomeTotals(truth.outcomes.get(address) ?? []);
  addReported(truth, address, [items, failed, skipped]);
}

function addReported(truth: RunTruth, address: string, report: Reported): void {
  const reports = truth.reported.get(address) ?? [];
  if (reports.some((other) => other.every((count, part) => count === report[part]))) return;
  truth.reported.set(address, [...reports, report]);
}

function itemIdsOf(
  { itemsAt }: RunTruth,
  { items, range, itemsKey }: ChunkMessage,
): readonly string[] | undefined {
  if (itemsKey !== undefined) return itemsAt.get(itemsKey);
  if (range !== undefined) return itemsOfRange(range).map(({ id }) => id);
  return items?.map(({ id }) => id);
}
