import { Meter } from '#core/meter.ts';
import type { Table } from '#core/ports.ts';
import { dispatchJobs } from '../../../functions/dispatch-jobs/dispatch-jobs.ts';
import { insertJob } from '../../../functions/store/insert-job.ts';
import { aDraft } from '../../support/jobs.ts';
import type { ApiWorld } from './api-world.ts';

/** Jobs `m-0`, `m-1`, … of the partition p1, straight in the store: creating them by the API would take too long. */
export async function manyJobs(
  world: ApiWorld,
  count: number,
  labels: (i: number) => object = () => ({}),
): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    world.clock.advance(i % 3);
    const key = { partition: 'p1', job: `m-${i}` };
    const draft = aDraft({ ...key, createTime: world.clock.now(), labels: { ...labels(i) } });
    await insertJob(world.table, draft, { body: '{}' });
  }
}

/** Processes the stream until no record has a follow-up. Only considers bulk actions. */
export async function drainBulk(world: ApiWorld, table: Table = world.table): Promise<void> {
  const dispatch = dispatchJobs({ ...world, table, meter: new Meter() });
  for (let changes = world.table.takeChanges(); changes.length > 0; changes = world.table.takeChanges()) {
    for (const { new: row } of changes) {
      if (row?.['followUp'] !== 'bulk') continue;
      // Lambda retries until the call succeeds.
      for (let tries = 0; tries < 500; tries += 1) {
        try {
          await dispatch(row, () => false);
          break;
        } catch {}
      }
    }
  }
}
