/** Reports for the results queue: the results of the chunks of one job in one invocation. */

import { MAX_CHUNK_CODES } from '#contract/message-limits.ts';
import { MESSAGE_VERSION } from '#contract/message-version.ts';
import type { ChunkMessage, ReportMessage } from '#contract/messages.ts';
import type { OutcomeRecord } from '#core/item.ts';
import { type JobRun, runOf } from '#core/job.ts';
import type { Operations } from '#core/meter.ts';
import { packed } from '#core/packer.ts';
import { byteLength } from '#core/send.ts';
import { type ChunkTime, MIN_SLOW_MILLIS, slowestOf } from '#core/slowest.ts';
import { childPath } from '#core/task-path.ts';
import { type BlockPorts, writeSpill } from './blocks.ts';
import { bytesOfData, dataOfLines, linesOfOutcomes, outcomeTotals, packLines } from './outcomes.ts';

/** Maximum size of a report. It leaves room for one more entry within the limit of a message. */
const REPORT_LIMITS = { maxBytes: 150 * 1024 };

/** Maximum size of the outcomes in a report. Together with the rest, a message of SQS can contain them. */
const MAX_OUTCOME_BYTES = 90 * 1024;

/** Longer outcomes are gzipped, because SQS bills each 64 KB. The tracker receives ten reports in one request. */
const MAX_PLAIN_CHARACTERS = 12 * 1024;

/** A chunk whose items are final, or that continues with the next worker of its pipeline. */
export type ChunkResult =
  | {
      readonly kind: 'final';
      readonly chunk: ChunkMessage;
      readonly records: readonly OutcomeRecord[];
      /** True if an earlier run recorded the outcomes, and they stay there. */
      readonly isRecordedEarlier?: true;
      /** The outcomes, if they were packed before. The records then lack their content. */
      readonly packed?: string;
    }
  | { readonly kind: 'forward'; readonly chunk: ChunkMessage; readonly next: ChunkMessage };

/**
 * Returns the reports, usually one. Many failures or forwarded chunks need several. Only the first includes
 * the operations. A report contains the outcomes of its chunks, or refers to an object with them if they are large.
 */
export async function reportsOf(
  ports: BlockPorts,
  run: JobRun,
  finished: readonly ChunkResult[],
  operations: Operations,
): Promise<ReportMessage[]> {
  const sent = (entry: ChunkResult) => (entry.kind === 'final' ? failuresOf(entry) : entry.next);
  const groups = packed(
    firstResults(finished),
    (entry) => byteLength(JSON.stringify(sent(entry))),
    REPORT_LIMITS,
  );
  const reports: ReportMessage[] = [];
  for (const entries of groups) {
    const report = reportOf(run, entries, reports.length === 0 ? operations : {});
    const outcomes = await outcomesOf(ports, run, entries);
    reports.push(...splitReport({ ...report, ...outcomes }));
  }
  return reports;
}

/** An invocation can receive a chunk twice and end it differently. Totals, outcomes and failures must be of the same result. */
function firstResults(finished: readonly ChunkResult[]): readonly ChunkResult[] {
  const ended = new Set<string>();
  return finished.filter(({ kind, chunk: { path, index } }) => {
    if (kind !== 'final') return true;
    const node = childPath(path, index);
    if (ended.has(node)) return false;
    ended.add(node);
    return true;
  });
}

type Carried = NonNullable<ReportMessage['outcomes']>[number];

async function outcomesOf(
  ports: BlockPorts,
  run: JobRun,
  entries: readonly ChunkResult[],
): Promise<Pick<ReportMessage, 'outcomes' | 'outcomesIn'>> {
  const kept = entries.filter((entry) => entry.kind === 'final').filter(keepsOutcomes);
  if (kept.length === 0) return {};
  const contents = packOutcomes(kept);
  const chunks = kept.map((entry): Carried => {
    const { path, index } = entry.chunk;
    const codes = codesOf(entry);
    return { path, index, ...(codes.length === 0 ? {} : { codes }) };
  });
  if (contents.reduce((sum, data) => sum + byteLength(data), 0) <= MAX_OUTCOME_BYTES)
    return { outcomes: chunks.map((chunk, at) => ({ ...chunk, data: contents[at] ?? '' })) };
  const bytes = contents.map(bytesOfData);
  const outcomesIn = await writeSpill(ports, run, bytes);
  return { outcomes: chunks.map((chunk, at) => ({ ...chunk, bytes: bytes[at]?.length ?? 0 })), outcomesIn };
}

function keepsOutcomes({ chunk, records, isRecordedEarlier }: Final): boolean {
  if (isRecordedEarlier === true) return false;
  return chunk.outcomes === 'all' || outcomeTotals(records).failed > 0;
}

/** Returns the outcomes of each chunk as a report contains them. */
function packOutcomes(entries: readonly Final[]): string[] {
  const texts = entries.map((entry) => entry.packed ?? linesOfOutcomes(entry.records));
  const isLong = texts.reduce((sum, text) => sum + text.length, 0) > MAX_PLAIN_CHARACTERS;
  return entries.map((entry, at) => entry.packed ?? dataOfLines(packLines(texts[at] ?? '', isLong)));
}

/** Returns the outcomes in the form of a report, so that the records need not stay in memory until it is sent. */
export function packedOutcomes(records: readonly OutcomeRecord[]): string {
  return dataOfLines(packLines(linesOfOutcomes(records), true));
}

function reportOf(run: JobRun, entries: readonly ChunkResult[], operations: Operations): ReportMessage {
  const [first] = entries;
  const failures = entries.flatMap((entry) => (entry.kind === 'final' ? failuresOf(entry) : []));
  const forward = entries.flatMap((entry) => (entry.kind === 'forward' ? [entry.next] : []));
  const slowest = slowestOf(entries.flatMap(timesOf));
  return {
    v: MESSAGE_VERSION,
    kind: 'report',
    ...runOf(run),
    itemsPerTask: first?.chunk.itemsPerTask ?? 1,
    nodes: nodesOf(entries),
    ...(failures.length === 0 ? {} : { failures }),
    ...(forward.length === 0 ? {} : { forward }),
    ...(slowest.length === 0 ? {} : { slowest: slowest.map(({ path, millis }) => [path, millis]) }),
    ...(Object.keys(operations).length === 0 ? {} : { operations: { ...operations } }),
  };
}

/** Returns the time of a final chunk, unless it is short. */
function timesOf({ kind, chunk: { path, index, ranMillis = 0 } }: ChunkResult): ChunkTime[] {
  if (kind !== 'final' || ranMillis < MIN_SLOW_MILLIS) return [];
  return [{ path: childPath(path, index), millis: ranMillis }];
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
  const failures = [];
  for (const { failure, path } of records) {
    if (failure !== undefined && path === chunk.path) failures.push(failure);
  }
  return failures;
}

/** Returns the outcome codes that the worker set in a step. */
function codesOf({ chunk, records }: Final): string[] {
  if (chunk.step === undefined) return [];
  const codes = records.flatMap(({ exitCode, path }) =>
    exitCode === undefined || path !== chunk.path ? [] : [exitCode],
  );
  return [...new Set(codes)].toSorted().slice(0, MAX_CHUNK_CODES);
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
