/** Records the messages of a run in its truth, and compares each with the earlier ones. */
import type { ChunkMessage, ProgressMessage, ReportMessage, SplitMessage } from '#contract/messages.ts';
import { itemsOfRange, type OutcomeRecord } from '#core/item.ts';
import { parentOf, ROOT } from '#core/task-path.ts';
import { type ChunkTotals, type RunTruth, type SentChild, sameIds } from './truth.ts';

/** Reports a violated invariant. */
type Violated = (invariant: string, detail: string) => void;

/** Records a chunk that the splitter sends to its first worker. */
export function recordChunk(truth: RunTruth, message: ChunkMessage, violated: Violated): SentChild {
  const { path, index, done = [], doneKey } = message;
  const openIds = itemIdsOf(truth, message);
  const records = done as OutcomeRecord[];
  const doneIds = doneKey === undefined ? records.map(({ id }) => id) : (truth.itemsAt.get(doneKey) ?? []);
  const items = openIds && [...openIds, ...doneIds];
  if (
    openIds !== undefined &&
    doneKey === undefined &&
    truth.endedAt === undefined &&
    truth.flow === undefined
  )
    truth.takeover?.checkChunk(`${path}/${index}`, openIds, records, violated);
  const { range, itemsKey, parameters, sources } = message;
  const content = JSON.stringify([message.items, range, itemsKey, parameters, done, doneKey, sources]);
  const node = truth.node(path);
  const existingChild = node.children.get(index);
  if (existingChild === undefined) {
    const child: SentChild = { kind: 'chunk', content, items, sends: 1 };
    node.children.set(index, child);
    truth.itemsSent += items?.length ?? 0;
    return child;
  }
  existingChild.sends += 1;
  checkSame(truth, `${path}/${index}`, [existingChild.content, content], violated);
  return existingChild;
}

interface FinalChunk {
  readonly path: string;
  readonly index: number;
  readonly report: ChunkTotals;
}

/** Records a chunk of a retry without open items, which the splitter itself reports. */
function recordFinalChunk(truth: RunTruth, { path, index, report }: FinalChunk, violated: Violated): void {
  const { children } = truth.node(path);
  const existingChild = children.get(index);
  // The same step may have another path in the earlier run.
  const items = truth.flow === undefined ? truth.itemsOf(path, index) : undefined;
  if (existingChild === undefined) {
    children.set(index, { kind: 'chunk', content: 'recorded', items, sends: 1 });
    truth.itemsSent += report[0];
  } else checkSame(truth, `${path}/${index}`, [existingChild.content, 'recorded'], violated);
}

function checkSame(
  truth: RunTruth,
  address: string,
  [before, now]: readonly [string, string],
  violated: Violated,
): void {
  // A late splitter of a deleted job finds no manifest and splits again, but no function processes its
  // messages.
  if (before === now || truth.endedAt !== undefined) return;
  if (truth.takeover?.earlier.isDisputed(address) === true) return;
  violated('a child is always sent with the same content', `${address}: ${before} then ${now}`);
}

/** Records a batch sent to the split queue for the first time. A continuation does not count. */
export function recordBatch(
  truth: RunTruth,
  message: SplitMessage,
  violated: Violated,
): SentChild | undefined {
  const position = parentOf(message.path);
  // A visit is not a sent batch: its message goes back to the splitter that created it.
  if (position === undefined || (truth.flow !== undefined && position.path === ROOT)) {
    truth.node(message.path);
    return undefined;
  }
  const { splitter, definition, definitionKey } = message;
  const content = JSON.stringify([splitter, definition, definitionKey]);
  const node = truth.node(position.path);
  truth.node(message.path);
  const existingChild = node.children.get(position.index);
  if (existingChild === undefined) {
    const child: SentChild = { kind: 'batch', content, items: undefined, sends: 1 };
    node.children.set(position.index, child);
    return child;
  }
  existingChild.sends += 1;
  checkSame(truth, message.path, [existingChild.content, content], violated);
  return existingChild;
}

/** Checks a chunk that is retried or sent to the next worker. It keeps the same items, some perhaps final. */
export function checkForwarded(truth: RunTruth, message: ChunkMessage, violated: Violated): void {
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
export function recordReport(
  truth: RunTruth,
  message: ReportMessage,
  isFromRetry: boolean,
  violated: Violated,
): void {
  for (const { path, d, x } of message.nodes) {
    const successes = d.map((index): [number, ChunkTotals] => [index, [message.itemsPerTask, 0, 0]]);
    const exceptions = x.map(([index, ...rest]): [number, ChunkTotals] => [index, rest]);
    for (const [index, report] of [...successes, ...exceptions]) {
      if (isFromRetry) {
        recordFinalChunk(truth, { path, index, report }, violated);
        if (truth.endedAt === undefined && truth.flow === undefined)
          truth.takeover?.checkReport(`${path}/${index}`, report, violated);
      }
      const child = truth.nodes.get(path)?.children.get(index);
      if (child?.kind !== 'chunk') violated('only sent chunks are reported', `${path}/${index}`);
      if (child?.items !== undefined && child.items.length !== report[0]) {
        violated('a report counts every item', `${path}/${index}: ${report[0]} of ${child.items.length}`);
      }
      addReport(truth, `${path}/${index}`, report);
    }
  }
}

export function recordUpdate(truth: RunTruth, { path, index, items, fraction }: ProgressMessage): void {
  const address = `${path}/${index}`;
  const before = truth.progressUpdates.get(address) ?? 0;
  const now = 1_000 * fraction * items;
  truth.hasDecreased ||= now < before;
  truth.progressUpdates.set(address, Math.max(before, now));
}

/** Records an unroutable chunk. The tracker reports it as failed itself, without a message. */
export function recordUnroutable(truth: RunTruth, chunk: ChunkMessage): void {
  truth.unroutable.add(`${chunk.path}/${chunk.index}`);
}

export function addReport(truth: RunTruth, address: string, report: ChunkTotals): void {
  const reports = truth.reports.get(address) ?? [];
  if (reports.some((other) => other.every((count, part) => count === report[part]))) return;
  truth.reports.set(address, [...reports, report]);
}

function itemIdsOf(
  { itemsAt }: RunTruth,
  { items, range, itemsKey }: ChunkMessage,
): readonly string[] | undefined {
  if (itemsKey !== undefined) return itemsAt.get(itemsKey);
  if (range !== undefined) return itemsOfRange(range).map(({ id }) => id);
  return items?.map(({ id }) => id);
}
