/** What truly happened to the jobs of a schedule: what was sent, reported and recorded. The model to compare with. */
import type { OutcomeRecord } from '#core/item.ts';
import type { JobRun } from '#core/job.ts';
import type { Totals } from '#core/page.ts';
import { childPath } from '#core/task-path.ts';
import { outcomeTotals } from '../../functions/store/outcomes.ts';
import { areEqual } from '../support/memory/values.ts';
import type { Retry } from './commands/retry.ts';
import { FlowTruth } from './flow-truth.ts';
import type { JobSpec } from './job-specs.ts';
import { Takeover } from './takeover.ts';

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
  /** Where it runs a template. */
  flow: FlowTruth | undefined;
  readonly nodes = new Map<string, SentNode>();
  readonly reported = new Map<string, Reported[]>();
  /** The most thousandths of items that a chunk said it has done, by address. */
  readonly said = new Map<string, number>();
  saidLess = false;
  readonly outcomes = new Map<string, readonly OutcomeRecord[]>();
  /** When it became final or was deleted, by the true clock. */
  overAt: number | undefined;
  isDeleted = false;
  /** An object that one of its messages points at was deleted. */
  hasLost = false;
  /** Of the run that it was created with. */
  isDispatched = false;
  /** Over because everything was done. */
  isComplete = false;
  /** Since when it is paused, while it is, by the true clock. */
  pausedAt: number | undefined;
  /** When it made progress last, as its row says, and what of that the sweeper has seen. */
  progressAt: number | undefined;
  progressLooked: number | undefined;
  /** Paused or edited, perhaps while it was launched; or one of its messages came again after its time. */
  wasTouched = false;
  /** Of a retry. */
  takeover: Takeover | undefined;
  percent = 0;
  itemsSent = 0;
  /** Ids of items that lie in the bucket, by key. */
  readonly itemsAt = new Map<string, readonly string[]>();

  constructor(run: JobRun) {
    this.run = run;
  }

  /** What was asked for. */
  begin(spec: JobSpec | undefined): void {
    this.spec = spec;
    this.flow = spec?.flow && new FlowTruth(spec.flow);
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

  /** `totals` are those of the run before. */
  takeOver(earlier: RunTruth, retry: Retry, totals: Totals | undefined): void {
    this.takeover = new Takeover(earlier, retry, totals);
  }

  /** This one, and those that it takes over. */
  allRuns(): RunTruth[] {
    return [this, ...(this.takeover?.earlier.allRuns() ?? [])];
  }

  /** What is recorded of a chunk, by this run or the last that did it. */
  newest(address: string): readonly OutcomeRecord[] | undefined {
    return this.outcomes.get(address) ?? this.takeover?.earlier.newest(address);
  }

  /** The same of all chunks. */
  newestOutcomes(): ReadonlyMap<string, readonly OutcomeRecord[]> {
    return new Map([...(this.takeover?.earlier.newestOutcomes() ?? []), ...this.outcomes]);
  }

  newestReports(address: string): readonly Reported[] {
    return this.reported.get(address) ?? this.takeover?.earlier.newestReports(address) ?? [];
  }

  /**
   * Where only failures are kept, a success leaves nothing that a twin could find: when it fails later, or has failed
   * before and is heard after the end, what is recorded is not what was counted.
   */
  isDisputed(address: string): boolean {
    const records = this.newest(address);
    // Their items are known by their number only.
    if (records?.some(({ isUnnamed }) => isUnnamed === true)) return true;
    if (records === undefined || this.spec?.plan.outcomes !== 'failures') return false;
    const { items, failed, skipped } = outcomeTotals(records);
    return this.newestReports(address).some((report) => !areEqual(report, [items, failed, skipped]));
  }

  /** Ids of a chunk's items, as this or an earlier run sent them. */
  itemsOf(path: string, index: number): readonly string[] | undefined {
    const child = this.nodes.get(path)?.children.get(index);
    return child?.items ?? this.takeover?.earlier.itemsOf(path, index);
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

export function sameIds(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  const left = [...a].sort();
  const right = [...b].sort();
  return left.every((id, position) => id === right[position]);
}
