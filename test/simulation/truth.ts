/** Model of the jobs of a schedule: the messages sent, and the outcomes reported and recorded. */
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
  /** Content of the message, to check that each send is identical. */
  readonly content: string;
  /** Ids of a chunk's items. Undefined if the items are stored in the bucket. */
  readonly items: readonly string[] | undefined;
  sends: number;
}

export interface SentNode {
  readonly path: string;
  readonly children: Map<number, SentChild>;
  childCount?: number;
  isDone: boolean;
  /** Moves of its fence: the step and the new position. */
  readonly fences: { readonly at: number; readonly next: number }[];
}

/** Totals of a chunk from one report. Duplicate deliveries of a chunk may report different totals. */
export type ChunkTotals = readonly [items: number, failed: number, skipped: number];

export class RunTruth {
  readonly run: JobRun;
  spec: JobSpec | undefined;
  /** Set if the job runs a template. */
  flow: FlowTruth | undefined;
  readonly nodes = new Map<string, SentNode>();
  readonly reports = new Map<string, ChunkTotals[]>();
  /** Maximum progress that a chunk reported, in thousandths of items, by address. */
  readonly progressUpdates = new Map<string, number>();
  hasDecreased = false;
  /** Recorded outcomes by address of the chunk, and their locations. */
  readonly outcomes = new Map<string, readonly OutcomeRecord[]>();
  readonly locations = new Map<string, string>();
  /** Content of objects with outcomes, by key. */
  readonly blocks = new Map<string, Uint8Array>();
  /** Addresses of chunks that the tracker recorded as failed, because no worker can process them. */
  readonly unroutable = new Set<string>();
  /** Time at which it became final or was deleted, by the true clock. */
  endedAt: number | undefined;
  isDeleted = false;
  /** Number of times that a fence moved. */
  fenceMoves = 0;
  /** True if an object that one of its messages references was lost. */
  hasLostObjects = false;
  /** Used only for the first run of the job. */
  isDispatched = false;
  /** True if it ended because all items were final. */
  isComplete = false;
  /** Start of the current pause, by the true clock. */
  pausedAt: number | undefined;
  /** Time of the latest progress in its row. `progressAtSweep` is the value that the sweeper last read. */
  progressAt: number | undefined;
  progressAtSweep: number | undefined;
  /** True if it was paused or edited, perhaps during its launch. */
  wasChanged = false;
  /** True if one of its messages was redelivered. */
  wasRedelivered = false;
  /** Set for a retry. */
  takeover: Takeover | undefined;
  percent = 0;
  itemsSent = 0;
  /** Ids of items that are stored in the bucket, by object key. */
  readonly itemsAt = new Map<string, readonly string[]>();

  constructor(run: JobRun) {
    this.run = run;
  }

  /** Sets the request that created the run. */
  begin(spec: JobSpec | undefined): void {
    this.spec = spec;
    this.flow = spec?.flow && new FlowTruth(spec.flow);
  }

  /** True if the service may have sent or counted something twice, even without faults. */
  get wasDisturbed(): boolean {
    return this.wasChanged || this.wasRedelivered;
  }

  node(path: string): SentNode {
    let node = this.nodes.get(path);
    if (node === undefined) {
      node = { path, children: new Map(), isDone: false, fences: [] };
      this.nodes.set(path, node);
    }
    return node;
  }

  /** True if the node is sealed and everything below it is recorded. */
  isNodeDone(path: string): boolean {
    const node = this.nodes.get(path);
    if (node?.childCount === undefined || node.children.size !== node.childCount) return false;
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
      : this.reports.has(`${path}/${index}`);
  }

  /** Makes this run a retry. `totals` are those of the previous run. */
  beginRetry(earlier: RunTruth, retry: Retry, totals: Totals | undefined): void {
    this.takeover = new Takeover(earlier, retry, totals);
  }

  /** Returns this run and the runs that it takes over. */
  allRuns(): RunTruth[] {
    return [this, ...(this.takeover?.earlier.allRuns() ?? [])];
  }

  /** Returns the outcomes of a chunk, recorded by this run or the last one that ran it. */
  newest(address: string): readonly OutcomeRecord[] | undefined {
    return this.outcomes.get(address) ?? this.takeover?.earlier.newest(address);
  }

  /** Returns the chunk whose recorded outcomes are at this location. */
  addressOf(location: string): string | undefined {
    return [...this.locations].find(([, other]) => other === location)?.[0];
  }

  /** Returns the newest outcomes of all chunks. */
  newestOutcomes(): ReadonlyMap<string, readonly OutcomeRecord[]> {
    return new Map([...(this.takeover?.earlier.newestOutcomes() ?? []), ...this.outcomes]);
  }

  newestReports(address: string): readonly ChunkTotals[] {
    return this.reports.get(address) ?? this.takeover?.earlier.newestReports(address) ?? [];
  }

  /**
   * True if the recorded outcomes may differ from the counted ones. If only failures are kept, a success leaves no
   * record for a duplicate delivery to find. The duplicate may record a failure that does not count.
   */
  isDisputed(address: string): boolean {
    const records = this.newest(address);
    // Only the number of these items is known.
    if (records?.some(({ isUnnamed }) => isUnnamed === true)) return true;
    if (records === undefined || this.spec?.plan.outcomes !== 'failures') return false;
    const { items, failed, skipped } = outcomeTotals(records);
    return this.newestReports(address).some((report) => !areEqual(report, [items, failed, skipped]));
  }

  /** Returns the ids of a chunk's items, as this or an earlier run sent them. */
  itemsOf(path: string, index: number): readonly string[] | undefined {
    const child = this.nodes.get(path)?.children.get(index);
    return child?.items ?? this.takeover?.earlier.itemsOf(path, index);
  }

  /** Sums the reports of all chunks. `choose` selects one of differing reports. */
  reportedTotals(choose: (reports: readonly ChunkTotals[], part: 0 | 1 | 2) => number): ChunkTotals {
    const total: [number, number, number] = [0, 0, 0];
    for (const reports of this.reports.values()) {
      for (const part of [0, 1, 2] as const) total[part] += choose(reports, part);
    }
    return total;
  }

  /** Upper limit of the progress in thousandths of items: all reports, plus updates of the other chunks. */
  get doneThousandths(): number {
    let sum = 1_000 * this.reportedTotals(largest)[0];
    for (const [address, thousandths] of this.progressUpdates)
      if (!this.reports.has(address)) sum += thousandths;
    return sum;
  }

  /** Number of items, or undefined until the whole tree is known. */
  get knownItems(): number | undefined {
    if (this.spec?.items !== undefined) return this.spec.items.size;
    const isSealed = [...this.nodes.values()].every(({ childCount }) => childCount !== undefined);
    return isSealed ? this.itemsSent : undefined;
  }
}

/** Identifies a range of bytes of an object. */
export function locationText({ key, from, to }: { key: string; from: number; to: number }): string {
  return `${key} ${from} ${to}`;
}

export const largest = (reports: readonly ChunkTotals[], part: 0 | 1 | 2): number =>
  Math.max(...reports.map((report) => report[part]));
export const smallest = (reports: readonly ChunkTotals[], part: 0 | 1 | 2): number =>
  Math.min(...reports.map((report) => report[part]));

export function runId({ partition, job, runNumber }: JobRun): string {
  return `${partition}/${job}/${runNumber}`;
}

export function sameIds(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  const sortedA = [...a].sort();
  const sortedB = [...b].sort();
  return sortedA.every((id, position) => id === sortedB[position]);
}
