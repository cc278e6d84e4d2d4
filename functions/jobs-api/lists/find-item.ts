/**
 * Finds one item of a job. The failure row leads to a failed item, and the note of a chunk to an item that is tried again.
 * Other items are found by a scan of the outcomes, which can continue in the next request.
 */
import * as z from 'zod';
import type { Job } from '#core/job.ts';
import { isFinal } from '#core/job-status.ts';
import { mapParallel } from '#core/parallel.ts';
import { type ChunkLocation, findFailedItem } from '../../store/failures.ts';
import { outcomeGroups } from '../../store/outcome-groups.ts';
import { parseOutcomes, storedLines } from '../../store/outcomes.ts';
import { readRanges } from '../../store/read-ranges.ts';
import {
  ChunkFinder,
  chunksAt,
  namesOf,
  type OutcomeGroup,
  type Passed,
  recordedChunks,
  type Subtree,
} from '../../store/recorded-chunks.ts';
import { listSomeRetriedChunks, type RetryNote, readRetryNote } from '../../store/retry-notes.ts';
import type { ApiPorts } from '../request.ts';
import { type RecordedItem, recordedItemOf } from './recorded-item.ts';

/** Maximum number of chunks that one request scans. */
const MAX_CHUNKS = 1_000;
/** Number of chunks that are read together. */
const CHUNKS_AT_ONCE = 32;
const PARALLEL_READS = 32;
/** After this time, the next request continues the scan. */
const MAX_MILLIS = 5_000;
/** Maximum number of notes that are read to find an item that is tried again. */
const MAX_NOTES = 100;

/** Position after the chunk `after`, and the number of outcomes in the chunks up to there. */
export const scanPosition = z.strictObject({ after: z.string().optional(), lookedAt: z.int() });
export type ScanPosition = z.output<typeof scanPosition>;

const BEGINNING: ScanPosition = { lookedAt: 0 };

export type FoundItem =
  /** `records` are those of the item in each run, newest first. */
  | { readonly kind: 'recorded'; readonly records: readonly [RecordedItem, ...RecordedItem[]] }
  | { readonly kind: 'retried'; readonly note: RetryNote; readonly chunk: ChunkLocation }
  /** `next` is present if outcomes are left that were not read. */
  | { readonly kind: 'missing'; readonly lookedAt: number; readonly next?: ScanPosition };

interface Search {
  readonly job: Job;
  readonly id: string;
  readonly groups: readonly OutcomeGroup[];
}

export async function findItem(
  job: Job,
  { id, start }: { readonly id: string; readonly start: ScanPosition | undefined },
  ports: ApiPorts,
): Promise<FoundItem> {
  const search = { job, id, groups: await outcomeGroups(ports.table, job) };
  if (start === undefined) {
    const found = (await findByFailure(search, ports)) ?? (await findByNote(search, ports));
    if (found !== undefined) return found;
  }
  return scan(search, start ?? BEGINNING, ports);
}

async function findByFailure(search: Search, ports: ApiPorts): Promise<FoundItem | undefined> {
  const chunk = await findFailedItem(ports.table, search.job, search.id);
  if (chunk === undefined) return undefined;
  const finder = new ChunkFinder(ports.table);
  const names = namesOf(search.groups, chunk, search.job.flow !== undefined);
  const candidates = names.flatMap((name) => chunksAt(search.groups, name));
  const records = await mapParallel(candidates, PARALLEL_READS, (candidate) =>
    recordAt(candidate, search.id, { ...ports, finder }),
  );
  return recorded(records);
}

function recorded(records: readonly (RecordedItem | undefined)[]): FoundItem | undefined {
  const [newest, ...older] = records.filter((record) => record !== undefined);
  return newest && { kind: 'recorded', records: [newest, ...older] };
}

async function findByNote({ job, id }: Search, ports: ApiPorts): Promise<FoundItem | undefined> {
  if (isFinal(job.status)) return undefined;
  const chunks = (await listSomeRetriedChunks(ports.objects, job)).filter(({ hasNote }) => hasNote);
  const notes = await mapParallel(chunks.slice(0, MAX_NOTES), PARALLEL_READS, async (chunk) => ({
    chunk,
    note: await readRetryNote(ports.objects, { ...job, ...chunk }),
  }));
  for (const { chunk, note } of notes) {
    if (note?.items.some((item) => item.id === id) !== true) continue;
    const finder = new ChunkFinder(ports.table);
    const record = await recordAt({ run: job, ...chunk }, id, { ...ports, finder });
    return recorded([record]) ?? { kind: 'retried', note, chunk };
  }
  return undefined;
}

async function scan(search: Search, start: ScanPosition, ports: ApiPorts): Promise<FoundItem> {
  const end = ports.clock.now() + MAX_MILLIS;
  let { after, lookedAt } = start;
  let left = MAX_CHUNKS;
  for await (const batch of batches(
    recordedChunks(ports.table, search.groups, { after, isEnded: isFinal(search.job.status) }),
  )) {
    const read = await readChunks(batch, search.id, ports);
    const at = read.findIndex(({ record }) => record !== undefined);
    if (at !== -1)
      return withEarlierRuns(search, { name: batch[at]?.name ?? '', record: read[at]?.record }, ports);
    lookedAt += read.reduce((sum, { count }) => sum + count, 0);
    after = batch.at(-1)?.name;
    left -= batch.length;
    if (left <= 0 || ports.clock.now() > end) return { kind: 'missing', lookedAt, next: { after, lookedAt } };
  }
  return { kind: 'missing', lookedAt };
}

async function* batches(passed: AsyncIterable<Passed>): AsyncGenerator<Passed[]> {
  let batch: Passed[] = [];
  for await (const one of passed) {
    batch.push(one);
    if (batch.length < CHUNKS_AT_ONCE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Adds the records of earlier runs if the newest one does not know all attempts. */
async function withEarlierRuns(
  { id, groups }: Search,
  { name, record }: { readonly name: string; readonly record: RecordedItem | undefined },
  ports: ApiPorts,
): Promise<FoundItem> {
  const finder = new ChunkFinder(ports.table);
  const isComplete = record === undefined || record.earlierAttempts.length + 1 >= record.attempts;
  const chunks = isComplete ? [] : chunksAt(groups, name);
  const records = await mapParallel(chunks, PARALLEL_READS, (chunk) =>
    recordAt(chunk, id, { ...ports, finder }),
  );
  return recorded(records) ?? recorded([record]) ?? { kind: 'missing', lookedAt: 0 };
}

interface ReadChunk {
  readonly count: number;
  readonly record?: RecordedItem | undefined;
}

async function recordAt(
  { run, path, index }: Subtree & { readonly index: number },
  id: string,
  ports: ApiPorts & { readonly finder: ChunkFinder },
): Promise<RecordedItem | undefined> {
  const chunk = await ports.finder.find({ run, path }, index);
  const [read] = chunk === undefined ? [] : await readChunks([{ name: '', chunk }], id, ports);
  return read?.record;
}

/** Returns the item and the number of outcomes of each chunk. */
async function readChunks(
  passed: readonly Passed[],
  id: string,
  { objects }: ApiPorts,
): Promise<ReadChunk[]> {
  const ranges = passed.flatMap(({ chunk }) => (chunk === undefined ? [] : [chunk.range]));
  const contents = (await readRanges(objects, ranges)).values();
  return passed.map(({ chunk }) => {
    const bytes = chunk === undefined ? undefined : contents.next().value;
    return bytes === undefined ? { count: 0 } : itemIn(bytes, id);
  });
}

function itemIn(bytes: Uint8Array, id: string): ReadChunk {
  const lines = storedLines(bytes);
  const text = JSON.stringify(id);
  // A search for the id is faster than parsing every line.
  const found = lines.filter((line) => line.includes(text));
  const records = parseOutcomes(Buffer.from(found.join('\n')));
  const record = records.find((candidate) => candidate.id === id);
  return { count: lines.length, record: record && recordedItemOf(record) };
}
