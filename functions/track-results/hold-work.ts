import type { HeldMessage } from '#contract/messages.ts';
import { decideWork, type JobRun, runId } from '#core/job.ts';
import type { ObjectKey } from '#core/object-address.ts';
import { packed } from '#core/packer.ts';
import type { Log, Objects, Queues, Random, Table } from '#core/ports.ts';
import { byteLength } from '#core/send.ts';
import { releaseHeld, storeHeld } from '../store/held.ts';
import { readStatus } from '../store/jobs.ts';
import type { Accepted } from './accept-records.ts';

/** Maximum size of the bodies in one object. */
const MAX_OBJECT_BYTES = 4 * 1024 * 1024;

export interface HoldWorkPorts {
  readonly table: Table;
  readonly queues: Queues;
  readonly objects: Objects;
  readonly random: Random;
  readonly log: Log;
}

/** Stores the held work of paused jobs, in as few objects as the messages allow. */
export async function holdPausedWork(
  ports: HoldWorkPorts,
  accepted: readonly Accepted[],
  failed: Set<string>,
): Promise<void> {
  const heldRecords = accepted.filter(({ message }) => message.kind === 'held');
  for (const records of Map.groupBy(heldRecords, ({ run }) => runId(run)).values()) {
    const [first] = records;
    if (first === undefined) continue;
    try {
      const messages = records.flatMap(({ message }) => (message.kind === 'held' ? [message] : []));
      await holdWorkOfRun(ports, first.run, messages);
    } catch (error) {
      ports.log.warn('work could not be held', { ...first.run, error: String(error) });
      for (const { id } of records) failed.add(id);
    }
  }
}

/**
 * Stores work of one paused run until the job is resumed.
 *
 * A resume may happen at the same time. The object is written first, then the status is read with strong consistency.
 * If the job runs again, its work is sent at once. Otherwise a later resume lists the object. One of the two always
 * finds it.
 */
async function holdWorkOfRun(ports: HoldWorkPorts, run: JobRun, held: readonly HeldMessage[]): Promise<void> {
  const keys: ObjectKey[] = [];
  const messagesByObject = packed(
    held.flatMap(({ queue, bodies }) => bodies.map((body) => ({ queue, body }))),
    ({ body }) => byteLength(body),
    { maxBytes: MAX_OBJECT_BYTES },
  );
  for (const messages of messagesByObject)
    keys.push(await storeHeld(ports.objects, run, ports.random.id(), messages));
  const decision = decideWork(await readStatus(ports.table, run, { strong: true }), run.runNumber);
  if (decision === 'run') for (const key of keys) await releaseHeld(ports, run, key);
  if (decision === 'discard') await ports.objects.delete(keys);
  ports.log.info('work held', { ...run, objects: keys.length, decision });
}
