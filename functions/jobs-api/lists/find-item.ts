/**
 * Finds one item of a job. The failure row leads to a failed item, and the note of a chunk to an item that is tried again.
 * Other items are found by a scan of the outcomes, which can continue in the next request.
 */
import * as z from 'zod';
import type { Job } from '#core/job.ts';
import { isFinal } from '#core/job-status.ts';
import type { ObjectKey } from '#core/object-address.ts';
import { mapParallel } from '#core/parallel.ts';
import { type ChunkLocation, findFailedItem } from '../../store/failures.ts';
import { keyBelow, outcomeKey } from '../../store/object-keys.ts';
import { type OutcomeGroup, outcomeGroups } from '../../store/outcome-groups.ts';
import { listOutcomeObjects, outcomeKeysOf } from '../../store/outcome-objects.ts';
import { parseOutcomes } from '../../store/outcomes.ts';
import { listSomeRetriedChunks, type RetryNote, readRetryNote } from '../../store/retry-notes.ts';
import type { ApiPorts } from '../request.ts';
import { type RecordedItem, recordedItemOf } from './recorded-item.ts';

/** Maximum number of objects that one request scans. */
const MAX_OBJECTS = 1_000;
const PARALLEL_READS = 32;
/** After this time, the next request continues the scan. */
const MAX_MILLIS = 5_000;
/** Maximum number of notes that are read to find an item that is tried again. */
const MAX_NOTES = 100;

/** Position after the object `after`, and the number of outcomes in the objects up to there. */
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
  const candidates = outcomeKeysOf(search.groups, chunk, search.job.flow !== undefined).flat();
  const records = await mapParallel(candidates, PARALLEL_READS, (key) => recordAt(key, search.id, ports));
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
    const record = await recordAt(outcomeKey(job, chunk.path, chunk.index), id, ports);
    return recorded([record]) ?? { kind: 'retried', note, chunk };
  }
  return undefined;
}

async function scan(search: Search, start: ScanPosition, ports: ApiPorts): Promise<FoundItem> {
  const end = ports.clock.now() + MAX_MILLIS;
  let { after, lookedAt } = start;
  for (let left = MAX_OBJECTS; left > 0; ) {
    const { keys, isLonger } = await listOutcomeObjects(ports.objects, search.groups, { after, limit: left });
    const names = [...keys];
    while (names.length > 0) {
      const batch = names.splice(0, PARALLEL_READS);
      const read = await mapParallel(batch, PARALLEL_READS, ([, key]) => readObject(key, search.id, ports));
      const at = read.findIndex(({ record }) => record !== undefined);
      if (at !== -1)
        return withEarlierRuns(search, { name: batch[at]?.[0] ?? '', record: read[at]?.record }, ports);
      lookedAt += read.reduce((sum, { count }) => sum + count, 0);
      after = batch.at(-1)?.[0];
      if (names.length > 0 && ports.clock.now() > end)
        return { kind: 'missing', lookedAt, next: { after, lookedAt } };
    }
    if (!isLonger) return { kind: 'missing', lookedAt };
    left -= keys.size;
  }
  return { kind: 'missing', lookedAt, next: { after, lookedAt } };
}

/** Adds the records of earlier runs if the newest one does not know all attempts. */
async function withEarlierRuns(
  { id, groups }: Search,
  { name, record }: { readonly name: string; readonly record: RecordedItem | undefined },
  ports: ApiPorts,
): Promise<FoundItem> {
  const slash = name.indexOf('/');
  const prefixes = groups[Number(name.slice(0, slash))] ?? [];
  const isComplete = record === undefined || record.earlierAttempts.length + 1 >= record.attempts;
  const keys = isComplete ? [] : prefixes.map((prefix) => keyBelow(prefix, name.slice(slash + 1)));
  const records = await mapParallel(keys, PARALLEL_READS, (key) => recordAt(key, id, ports));
  return recorded(records) ?? recorded([record]) ?? { kind: 'missing', lookedAt: 0 };
}

interface ReadObject {
  readonly count: number;
  readonly record?: RecordedItem | undefined;
}

async function recordAt(key: ObjectKey, id: string, ports: ApiPorts): Promise<RecordedItem | undefined> {
  return (await readObject(key, id, ports)).record;
}

async function readObject(key: ObjectKey, id: string, { objects }: ApiPorts): Promise<ReadObject> {
  const bytes = await objects.get({ key });
  if (bytes === undefined) return { count: 0 };
  const text = Buffer.from(bytes);
  // A search for the id is faster than parsing every line.
  if (!text.includes(JSON.stringify(id))) return { count: lineCount(text) };
  const records = parseOutcomes(bytes);
  const record = records.find((candidate) => candidate.id === id);
  return { count: records.length, record: record && recordedItemOf(record) };
}

function lineCount(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}
