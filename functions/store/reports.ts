/** Reports: what happened to chunks of one job in one invocation, for the results queue. */
import { MESSAGE_VERSION } from '#contract/message-version.ts';
import type { ChunkMessage, ReportMessage } from '#contract/messages.ts';
import type { OutcomeRecord } from '#core/item.ts';
import type { Failure, JobRun } from '#core/job.ts';
import type { Operations } from '#core/meter.ts';
import { byteLength } from '#core/send.ts';
import { outcomeTotals } from './outcomes.ts';

/** A report stays below what one message may be, with room for one more entry. */
const MAX_REPORT_BYTES = 150 * 1024;

/** A chunk whose items are final, or that goes on to the next worker of its pipeline. */
export type Finished =
  | { readonly kind: 'final'; readonly chunk: ChunkMessage; readonly records: readonly OutcomeRecord[] }
  | { readonly kind: 'forward'; readonly chunk: ChunkMessage; readonly next: ChunkMessage };

/** Usually one message; several where failures or forwarded chunks are many. Operations ride on one of them. */
export function reportsOf(
  run: JobRun,
  finished: readonly Finished[],
  operations: Operations,
): ReportMessage[] {
  const reports: ReportMessage[] = [];
  let entries: Finished[] = [];
  let bytes = 0;
  const close = () => {
    if (entries.length > 0) {
      reports.push(...inMessages(reportOf(run, entries, reports.length === 0 ? operations : {})));
    }
    entries = [];
    bytes = 0;
  };
  for (const entry of finished) {
    const size = byteLength(JSON.stringify(entry.kind === 'final' ? failuresOf(entry) : entry.next));
    if (bytes + size > MAX_REPORT_BYTES) close();
    entries.push(entry);
    bytes += size;
  }
  close();
  return reports;
}

function reportOf(run: JobRun, entries: readonly Finished[], operations: Operations): ReportMessage {
  const [first] = entries;
  const failures = entries.flatMap((entry) => (entry.kind === 'final' ? failuresOf(entry) : []));
  const exits = exitsOf(entries);
  const forward = entries.flatMap((entry) => (entry.kind === 'forward' ? [entry.next] : []));
  return {
    v: MESSAGE_VERSION,
    kind: 'report',
    partition: run.partition,
    job: run.job,
    generation: run.generation,
    itemsPerTask: first?.chunk.itemsPerTask ?? 1,
    nodes: nodesOf(entries),
    ...(failures.length === 0 ? {} : { failures }),
    ...(forward.length === 0 ? {} : { forward }),
    ...(exits.length === 0 ? {} : { exits }),
    ...(Object.keys(operations).length === 0 ? {} : { operations: { ...operations } }),
  };
}

/**
 * A chunk of many items may have more failures than one message holds. The others go before it, in reports that tick
 * nothing: once the chunk is ticked the job may be over, and what comes later is dropped.
 */
function inMessages(report: ReportMessage): ReportMessage[] {
  const { v, kind, partition, job, generation, itemsPerTask, failures = [] } = report;
  let kept: Failure[] = [];
  let bytes = 0;
  const others: ReportMessage[] = [];
  for (const failure of failures) {
    const size = byteLength(JSON.stringify(failure));
    if (bytes + size > MAX_REPORT_BYTES) {
      others.push({ v, kind, partition, job, generation, itemsPerTask, nodes: [], failures: kept });
      kept = [];
      bytes = 0;
    }
    kept.push(failure);
    bytes += size;
  }
  return others.length === 0 ? [report] : [...others, { ...report, failures: kept }];
}

type Final = Finished & { readonly kind: 'final' };

/** Those of other paths only ride along, and were told by the step that they are of. */
function failuresOf({ chunk, records }: Final) {
  return records.flatMap(({ failure, path }) =>
    failure === undefined || path !== chunk.path ? [] : [failure],
  );
}

/** Outcome codes that the worker set, by node. */
function exitsOf(entries: readonly Finished[]): NonNullable<ReportMessage['exits']> {
  const exits = new Map<string, Set<string>>();
  for (const entry of entries) {
    if (entry.kind !== 'final' || entry.chunk.step === undefined) continue;
    const { path } = entry.chunk;
    for (const { exitCode, path: own } of entry.records) {
      if (exitCode !== undefined && own === path)
        exits.set(path, (exits.get(path) ?? new Set()).add(exitCode));
    }
  }
  return [...exits].map(([path, codes]) => ({ path, codes: [...codes] }));
}

function nodesOf(entries: readonly Finished[]): ReportMessage['nodes'] {
  const nodes = new Map<string, ReportMessage['nodes'][number]>();
  for (const entry of entries) {
    if (entry.kind !== 'final') continue;
    const { path, index, itemsPerTask } = entry.chunk;
    const node = nodes.get(path) ?? { path, d: [], x: [] };
    nodes.set(path, node);
    const { items, failed, skipped } = outcomeTotals(entry.records);
    if (items === itemsPerTask && failed === 0 && skipped === 0) node.d.push(index);
    else node.x.push([index, items, failed, skipped]);
  }
  return [...nodes.values()];
}
