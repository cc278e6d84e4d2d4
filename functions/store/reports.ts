/** Reports for the results queue: the results of the chunks of one job in one invocation. */
import { MESSAGE_VERSION } from '#contract/message-version.ts';
import type { ChunkMessage, ReportMessage } from '#contract/messages.ts';
import type { OutcomeRecord } from '#core/item.ts';
import { type JobRun, runOf } from '#core/job.ts';
import type { Operations } from '#core/meter.ts';
import { packed } from '#core/packer.ts';
import { byteLength } from '#core/send.ts';
import { outcomeTotals } from './outcomes.ts';

/** Maximum size of a report. It leaves room for one more entry within the limit of a message. */
const REPORT_LIMITS = { maxBytes: 150 * 1024 };

/** A chunk whose items are final, or that continues with the next worker of its pipeline. */
export type ChunkResult =
  | { readonly kind: 'final'; readonly chunk: ChunkMessage; readonly records: readonly OutcomeRecord[] }
  | { readonly kind: 'forward'; readonly chunk: ChunkMessage; readonly next: ChunkMessage };

/**
 * Returns the reports, usually one. Many failures or forwarded chunks need several. Only the first includes
 * the operations.
 */
export function reportsOf(
  run: JobRun,
  finished: readonly ChunkResult[],
  operations: Operations,
): ReportMessage[] {
  const sent = (entry: ChunkResult) => (entry.kind === 'final' ? failuresOf(entry) : entry.next);
  const groups = packed(finished, (entry) => byteLength(JSON.stringify(sent(entry))), REPORT_LIMITS);
  return [...groups].flatMap((entries, position) =>
    splitReport(reportOf(run, entries, position === 0 ? operations : {})),
  );
}

function reportOf(run: JobRun, entries: readonly ChunkResult[], operations: Operations): ReportMessage {
  const [first] = entries;
  const failures = entries.flatMap((entry) => (entry.kind === 'final' ? failuresOf(entry) : []));
  const exits = exitsOf(entries);
  const forward = entries.flatMap((entry) => (entry.kind === 'forward' ? [entry.next] : []));
  return {
    v: MESSAGE_VERSION,
    kind: 'report',
    ...runOf(run),
    itemsPerTask: first?.chunk.itemsPerTask ?? 1,
    nodes: nodesOf(entries),
    ...(failures.length === 0 ? {} : { failures }),
    ...(forward.length === 0 ? {} : { forward }),
    ...(exits.length === 0 ? {} : { exits }),
    ...(Object.keys(operations).length === 0 ? {} : { operations: { ...operations } }),
  };
}

/**
 * Splits a report whose failures do not fit into one message. Reports that tick nothing carry the earlier
 * failures and precede the others: once the chunk is ticked, the job may be final, and later failures are
 * dropped.
 */
function splitReport(report: ReportMessage): ReportMessage[] {
  const { v, kind, partition, job, runNumber, itemsPerTask, failures = [] } = report;
  const groups = [...packed(failures, (failure) => byteLength(JSON.stringify(failure)), REPORT_LIMITS)];
  const last = groups.pop();
  if (last === undefined || groups.length === 0) return [report];
  const earlier = groups.map((group): ReportMessage => {
    return { v, kind, partition, job, runNumber, itemsPerTask, nodes: [], failures: group };
  });
  return [...earlier, { ...report, failures: last }];
}

type Final = ChunkResult & { readonly kind: 'final' };

/**
 * Returns the failures of the chunk's own path. Items of other paths are only carried along; their own step
 * reported them.
 */
function failuresOf({ chunk, records }: Final) {
  return records.flatMap(({ failure, path }) =>
    failure === undefined || path !== chunk.path ? [] : [failure],
  );
}

/** Returns the outcome codes that the worker set, by node. */
function exitsOf(entries: readonly ChunkResult[]): NonNullable<ReportMessage['exits']> {
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

function nodesOf(entries: readonly ChunkResult[]): ReportMessage['nodes'] {
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
