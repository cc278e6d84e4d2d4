/**
 * Stores the outcomes that reports carry: one object for each run in a batch of messages, called a block. A block counts
 * for nothing until a page refers to it, so a block of an invocation that crashed is only removed with its job.
 */
import type { ReportMessage } from '#contract/messages.ts';
import { type JobRun, runId } from '#core/job.ts';
import { mapParallel } from '#core/parallel.ts';
import type { Log, Objects, Random } from '#core/ports.ts';
import type { RecordedOutcomes } from '#core/recorded-outcomes.ts';
import type { TaskPath } from '#core/task-path.ts';
import { spilledBlock, writeBlock } from '../store/blocks.ts';
import { bytesOfData } from '../store/outcomes.ts';
import type { Accepted } from './accept-records.ts';

export interface StoreOutcomesPorts {
  readonly objects: Objects;
  readonly random: Random;
  readonly log: Log;
}

/** A report with the location of the outcomes of its chunks, by `chunkName`. */
export interface StoredReport {
  readonly stored?: ReadonlyMap<string, RecordedOutcomes>;
}

const PARALLEL_RUNS = 8;

export function chunkName(path: TaskPath, index: number): string {
  return `${path}/${index}`;
}

/** Returns the records whose outcomes are stored. Adds the ids of the others to `failed`. */
export async function storeOutcomes(
  ports: StoreOutcomesPorts,
  records: readonly Accepted[],
  failed: Set<string>,
): Promise<(Accepted & StoredReport)[]> {
  const byRun = Map.groupBy(records, ({ run }) => runId(run));
  const stored = await mapParallel([...byRun.values()], PARALLEL_RUNS, async (ofRun) => {
    const [first] = ofRun;
    if (first === undefined) return [];
    try {
      return await storeRun(ports, first.run, ofRun);
    } catch (error) {
      ports.log.warn('outcomes could not be stored', { ...first.run, error: String(error) });
      const lost = ofRun.filter(({ message }) => message.kind === 'report');
      for (const { id } of lost) failed.add(id);
      return ofRun.filter((record) => !lost.includes(record));
    }
  });
  return stored.flat();
}

type Carried = NonNullable<ReportMessage['outcomes']>[number];

interface Inline extends Carried {
  readonly stored: Map<string, RecordedOutcomes>;
  readonly data: string;
}

async function storeRun(
  { objects, random }: StoreOutcomesPorts,
  run: JobRun,
  records: readonly Accepted[],
): Promise<(Accepted & StoredReport)[]> {
  const inline: Inline[] = [];
  const reports = records.map((record) => {
    const { message } = record;
    if (message.kind !== 'report' || message.outcomes === undefined) return record;
    const stored = locationsInSpill(message);
    for (const one of message.outcomes) {
      if (one.data !== undefined) inline.push({ ...one, data: one.data, stored });
    }
    return { ...record, stored };
  });
  if (inline.length === 0) return reports;
  // In the order of their pages, so that an entry of the log covers many chunks.
  inline.sort((one, other) =>
    one.path === other.path ? one.index - other.index : one.path < other.path ? -1 : 1,
  );
  const contents = inline.map(({ data }) => bytesOfData(data));
  const block = await writeBlock({ objects, random }, run, contents);
  let from = 0;
  for (const [at, { path, index, codes = [], stored }] of inline.entries()) {
    const to = from + (contents[at]?.length ?? 0);
    stored.set(chunkName(path, index), { location: { block, from, to }, codes });
    from = to;
  }
  return reports;
}

/** Returns the locations of the outcomes that the worker stored in an object, because they do not fit into a message. */
function locationsInSpill({ outcomes = [], outcomesIn = '' }: ReportMessage): Map<string, RecordedOutcomes> {
  const stored = new Map<string, RecordedOutcomes>();
  let from = 0;
  for (const { path, index, bytes, codes = [] } of outcomes) {
    if (bytes === undefined) continue;
    const location = { block: spilledBlock(outcomesIn), from, to: from + bytes };
    stored.set(chunkName(path, index), { location, codes });
    from = location.to;
  }
  return stored;
}
