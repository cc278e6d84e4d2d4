/** Finds the outcome of one item of a job, by a scan that can continue in the next request. */
import * as z from 'zod';
import type { OutcomeRecord } from '#core/item.ts';
import type { Job } from '#core/job.ts';
import type { ObjectKey } from '#core/object-address.ts';
import { mapParallel } from '#core/parallel.ts';
import { outcomeGroups } from '../../store/outcome-groups.ts';
import { listOutcomeObjects } from '../../store/outcome-objects.ts';
import { parseOutcomes } from '../../store/outcomes.ts';
import type { ApiPorts } from '../request.ts';

/** Maximum number of objects that one request reads. */
const MAX_OBJECTS = 1_000;
const PARALLEL_READS = 32;
/** After this time, the next request continues. */
const MAX_MILLIS = 5_000;

/** Position after the object `after`, and the number of outcomes in the objects up to there. */
export const scanPosition = z.strictObject({ after: z.string().optional(), lookedAt: z.int() });
export type ScanPosition = z.output<typeof scanPosition>;

const BEGINNING: ScanPosition = { lookedAt: 0 };

/** `next` is present if outcomes are left that were not read. */
export type FoundOutcome =
  | { readonly kind: 'found'; readonly record: OutcomeRecord }
  | { readonly kind: 'missing'; readonly lookedAt: number; readonly next?: ScanPosition };

export async function findOutcome(
  job: Job,
  { id, start = BEGINNING }: { readonly id: string; readonly start: ScanPosition | undefined },
  ports: ApiPorts,
): Promise<FoundOutcome> {
  const { objects, clock } = ports;
  const groups = await outcomeGroups(ports.table, job);
  const end = clock.now() + MAX_MILLIS;
  let { after, lookedAt } = start;
  for (let left = MAX_OBJECTS; left > 0; ) {
    const { keys, isLonger } = await listOutcomeObjects(objects, groups, { after, limit: left });
    const names = [...keys];
    while (names.length > 0) {
      const batch = names.splice(0, PARALLEL_READS);
      const read = await mapParallel(batch, PARALLEL_READS, ([, key]) => readObject(key, id, ports));
      const record = read.find((object) => object.record !== undefined)?.record;
      if (record !== undefined) return { kind: 'found', record };
      lookedAt += read.reduce((sum, { count }) => sum + count, 0);
      after = batch.at(-1)?.[0];
      if (names.length > 0 && clock.now() > end)
        return { kind: 'missing', lookedAt, next: { after, lookedAt } };
    }
    if (!isLonger) return { kind: 'missing', lookedAt };
    left -= keys.size;
  }
  return { kind: 'missing', lookedAt, next: { after, lookedAt } };
}

interface ReadObject {
  readonly count: number;
  readonly record?: OutcomeRecord | undefined;
}

async function readObject(key: ObjectKey, id: string, { objects }: ApiPorts): Promise<ReadObject> {
  const bytes = await objects.get({ key });
  if (bytes === undefined) return { count: 0 };
  const text = Buffer.from(bytes);
  // A search for the id is faster than parsing every line.
  if (!text.includes(JSON.stringify(id))) return { count: lineCount(text) };
  const records = parseOutcomes(bytes);
  return { count: records.length, record: records.find((record) => record.id === id) };
}

function lineCount(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}
