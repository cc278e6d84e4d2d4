import type { BatchPlan } from '#core/job.ts';
import { Meter } from '#core/meter.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Key, Row, Table } from '#core/ports.ts';
import { readJob } from '../../../functions/store/jobs.ts';
import type { Origin, ReceivedRecord } from '../../../functions/track-results/accept-records.ts';
import { trackResults } from '../../../functions/track-results/track-results.ts';
import { anActiveJob, JOB } from '../../support/jobs.ts';
import { memoryWorld } from '../../support/memory/world.ts';
import { FULL } from './any-tree.ts';

export const STATUS_CACHE_MILLIS = 5_000;
export const MAX_ITEMS = 100_000;

/** A tracker, and the job that the results are about. `guard` is called before each write and may throw. */
export async function aTracker(plan: Partial<BatchPlan> = {}, guard: (key: Key) => void = () => undefined) {
  const world = memoryWorld();
  await anActiveJob(world.table, { plan });
  const writes: Key[] = [];
  const table: Table = {
    get: (key, options) => world.table.get(key, options),
    query: (query) => world.table.query(query),
    transact(all) {
      for (const write of all) guard(write.kind === 'put' ? write.row : write.key);
      return world.table.transact(all);
    },
    async write(write, returns) {
      const key = write.kind === 'put' ? write.row : write.key;
      guard(key);
      writes.push(key);
      return world.table.write(write, returns);
    },
  };
  const settings = { maxItems: MAX_ITEMS, statusCacheMillis: STATUS_CACHE_MILLIS };
  /** Batches of `fullBatch` messages count as full. */
  const anInstance = (fullBatch?: number) =>
    trackResults({ ...world, table, meter: new Meter(), ...settings, ...omitUndefined({ fullBatch }) });
  let sent = 0;
  const track = anInstance();
  return {
    ...world,
    writes,
    anInstance,
    /** Message i has the id `m<i>`. */
    track: (...messages: unknown[]) => track(recordsOf(messages)),
    trackFrom: (origin: Origin, ...messages: unknown[]) => track(recordsOf(messages, origin)),
    tell(message: unknown) {
      sent += 1;
      return track([{ id: `t${sent}`, body: JSON.stringify(message), origin: 'service' }]);
    },
    job: () => readJob(world.table, JOB),
    rows: () => rowsOf(world.table.rows()),
    ended: () => world.log.messages('info').filter((message) => message === 'job ended').length,
  };
}

/** `origin`: who sent them. */
export function recordsOf(messages: readonly unknown[], origin: Origin = 'service'): ReceivedRecord[] {
  return messages.map((message, i) => ({
    id: `m${i}`,
    body: typeof message === 'string' ? message : JSON.stringify(message),
    origin,
  }));
}

function rowsOf(rows: Iterable<Row>): Row[] {
  return [...rows].toSorted((a, b) => (`${a.pk} ${a.sk}` < `${b.pk} ${b.sk}` ? -1 : 1));
}

export const chunk = (index: number, totals = FULL) => ({ path: '', index, totals });
export const failed = (index: number, items = 1) => chunk(index, { items: 10, failed: items, skipped: 0 });
