/** What truly happened to the jobs of a schedule: what was sent, reported and recorded. The model to compare with. */
import type { ChunkMessage, ProgressMessage, ReportMessage, SplitMessage } from '#contract/messages.ts';
import type { OutcomeRecord } from '#core/item.ts';
import { itemsOfRange } from '#core/item.ts';
import type { JobRun } from '#core/job.ts';
import { childPath, parentOf } from '#core/task-path.ts';
import type { JobSpec } from './scenario.ts';

export interface SentChild {
  readonly kind: 'chunk' | 'batch';
  /** What was sent, to see that it is always the same. */
  readonly content: string;
  /** Ids of a chunk's items; absent where they lie in the bucket. */
  readonly items: readonly string[] | undefined;
  sends: number;
}

export interface SentNode {
  readonly path: string;
  readonly children: Map<number, SentChild>;
  sealed?: number;
  isDone: boolean;
  /** Moves of its fence: when, and how far. */
  readonly fences: { readonly at: number; readonly next: number }[];
}

/** [items, failed, skipped] of a chunk as reports said; more than one where twins disagree. */
export type Reported = readonly [items: number, failed: number, skipped: number];

export class RunTruth {
  readonly run: JobRun;
  spec: JobSpec | undefined;
  readonly nodes = new Map<string, SentNode>();
  readonly reported = new Map<string, Reported[]>();
  /** The most thousandths of items that a chunk said it has done, by address. */
  readonly said = new Map<string, number>();
  readonly outcomes = new Map<string, readonly OutcomeRecord[]>();
  /** When it became final or was deleted, by the true clock. */
  overAt: number | undefined;
  isDeleted = false;
  percent = 0;
  itemsSent = 0;
  /** Ids of items that lie in the bucket, by key. */
  readonly itemsAt = new Map<string, readonly string[]>();

  constructor(run: JobRun) {
    this.run = run;
  }

  node(path: string): SentNode {
    let node = this.nodes.get(path);
    if (node === undefined) {
      node = { path, children: new Map(), isDone: false, fences: [] };
      this.nodes.set(path, node);
    }
    return node;
  }

  /** Everything below the node is recorded, and it is known that there is no more. */
  isNodeDone(path: string): boolean {
    const node = this.nodes.get(path);
    if (node?.sealed === undefined || node.children.size !== node.sealed) return false;
    if (node.isDone) return true;
    for (const index of node.children.keys()) if (!this.isChildDone(path, index)) return false;
    node.isDone = true;
    return true;
  }

  isChildDone(path: string, index: number): boolean {
    const child = this.nodes.get(path)?.children.get(index);
    if (child === undefined) return false;
    return child.kind === 'batch'
      ? this.isNodeDone(childPath(path, index))
      : this.reported.has(`${path}/${index}`);
  }

  /** The most items that may be final, and the most that may have failed, by what was reported. */
  reportedTotals(choose: (reports: readonly Reported[], part: 0 | 1 | 2) => number): Reported {
    const total: [number, number, number] = [0, 0, 0];
    for (const reports of this.reported.values()) {
      for (const part of [0, 1, 2] as const) total[part] += choose(reports, part);
    }
    return total;
  }

  /** The most thousandths of items that may be done: all of what is reported, and what the other chunks say. */
  get doneThousandths(): number {
    let sum = 1_000 * this.reportedTotals(most)[0];
    for (const [address, thousandths] of this.said) if (!this.reported.has(address)) sum += thousandths;
    return sum;
  }

  /** The number of items, once the whole tree is known. */
  get knownItems(): number | undefined {
    if (this.spec?.items !== undefined) return this.spec.items.size;
    const isSealed = [...this.nodes.values()].every(({ sealed }) => sealed !== undefined);
    return isSealed ? this.itemsSent : undefined;
  }
}

export const most = (reports: readonly Reported[], part: 0 | 1 | 2): number =>
  Math.max(...reports.map((report) => report[part]));
export const least = (reports: readonly Reported[], part: 0 | 1 | 2): number =>
  Math.min(...reports.map((report) => report[part]));

export function runId({ partition, job, generation }: JobRun): string {
  return `${partition}/${job}/${generation}`;
}

/** `violated` is told what must never be. */
type Violated = (invariant: string, detail: string) => void;

/** A chunk on its way from the splitter to its first worker. */
export function sentChunk(truth: RunTruth, message: ChunkMessage, violated: Violated): SentChild {
  const items = itemIdsOf(truth, message);
  const { path, index } = message;
  const content = JSON.stringify([message.items, message.range, message.itemsKey, message.parameters]);
  const node = truth.node(path);
  const known = node.children.get(index);
  if (known === undefined) {
    const child: SentChild = { kind: 'chunk', content, items, sends: 1 };
    node.children.set(index, child);
    truth.itemsSent += items?.length ?? 0;
    return child;
  }
  known.sends += 1;
  // A straggler finds the manifest of a deleted job gone, and looks anew; nobody works on what it sends.
  if (known.content !== content && truth.overAt === undefined) {
    violated(
      'a child is always sent with the same content',
      `${path}/${index}: ${known.content} then ${content}`,
    );
  }
  return known;
}

/** A batch on its way to the split queue for the first time; a continuation is none. */
export function sentBatch(truth: RunTruth, message: SplitMessage, violated: Violated): SentChild | undefined {
  const place = parentOf(message.path);
  if (place === undefined) {
    truth.node('');
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
  // A straggler finds the manifest of a deleted job gone, and looks anew; nobody works on what it sends.
  if (known.content !== content && truth.overAt === undefined) {
    violated(
      'a child is always sent with the same content',
      `${message.path}: ${known.content} then ${content}`,
    );
  }
  return known;
}

/** A chunk that goes round again, or on to the next worker: the same items, some perhaps final. */
export function sentOn(truth: RunTruth, message: ChunkMessage, violated: Violated): void {
  const child = truth.nodes.get(message.path)?.children.get(message.index);
  const ids = itemIdsOf(truth, message);
  if (child?.items === undefined || ids === undefined || message.doneKey !== undefined) return;
  const done = ((message.done ?? []) as OutcomeRecord[]).map(({ id }) => id);
  if (sameIds([...ids, ...done], child.items)) return;
  violated(
    'a chunk keeps its items',
    `${message.path}/${message.index}: ${child.items} became ${[...ids, ...done]}`,
  );
}

export function sentReport(truth: RunTruth, message: ReportMessage, violated: Violated): void {
  for (const { path, d, x } of message.nodes) {
    const plain = d.map((index): [number, Reported] => [index, [message.itemsPerTask, 0, 0]]);
    const others = x.map(([index, ...rest]): [number, Reported] => [index, rest]);
    for (const [index, report] of [...plain, ...others]) {
      const child = truth.nodes.get(path)?.children.get(index);
      if (child?.kind !== 'chunk') violated('only what was sent is reported', `${path}/${index}`);
      if (child?.items !== undefined && child.items.length !== report[0]) {
        violated('a report counts every item', `${path}/${index}: ${report[0]} of ${child.items.length}`);
      }
      addReported(truth, `${path}/${index}`, report);
    }
  }
}

export function sentUpdate(truth: RunTruth, { path, index, items, fraction }: ProgressMessage): void {
  const address = `${path}/${index}`;
  truth.said.set(address, Math.max(truth.said.get(address) ?? 0, 1_000 * fraction * items));
}

/** A chunk for a worker that is not deployed: the tracker itself records it as failed. */
export function sentAside(truth: RunTruth, chunk: ChunkMessage): void {
  const done = (chunk.done ?? []) as OutcomeRecord[];
  const open = itemIdsOf(truth, chunk)?.length ?? 0;
  const failed = done.filter(({ outcome }) => outcome === 'failed').length;
  const skipped = done.filter(({ outcome }) => outcome === 'skipped').length;
  addReported(truth, `${chunk.path}/${chunk.index}`, [open + done.length, open + failed, skipped]);
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

export function sameIds(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  const left = [...a].sort();
  const right = [...b].sort();
  return left.every((id, position) => id === right[position]);
}
