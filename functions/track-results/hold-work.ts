import type { HeldMessage } from '#contract/messages.ts';
import { decideWork, type JobRun } from '#core/job.ts';
import type { ObjectKey } from '#core/object-address.ts';
import type { Log, Objects, Queues, Random, Table } from '#core/ports.ts';
import { byteLength } from '#core/send.ts';
import { keep, releaseKept } from '../store/held.ts';
import { readStatus } from '../store/jobs.ts';

/** Bodies that lie in one object together, at most. */
const MAX_OBJECT_BYTES = 4 * 1024 * 1024;

export interface HoldWorkPorts {
  readonly table: Table;
  readonly queues: Queues;
  readonly objects: Objects;
  readonly random: Random;
  readonly log: Log;
}

/**
 * Keeps work of one paused job until it is resumed: as few objects as its size allows.
 *
 * The race with resume: the object is written first, then the status is read strongly. If the job runs again by then,
 * the work is sent on at once; otherwise whoever resumes it later lists the object. One of the two always sees it.
 */
export async function holdWork(
  ports: HoldWorkPorts,
  run: JobRun,
  held: readonly HeldMessage[],
): Promise<void> {
  const keys: ObjectKey[] = [];
  for (const messages of inObjects(held))
    keys.push(await keep(ports.objects, run, ports.random.id(), messages));
  const decision = decideWork(await readStatus(ports.table, run, { strong: true }), run.generation);
  if (decision === 'run') for (const key of keys) await releaseKept(ports, run, key);
  if (decision === 'discard') await ports.objects.delete(keys);
  ports.log.info('work held', { ...run, objects: keys.length, decision });
}

function inObjects(held: readonly HeldMessage[]): { queue: string; body: string }[][] {
  const objects: { queue: string; body: string }[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const { queue, bodies } of held) {
    for (const body of bodies) {
      const size = byteLength(body);
      if (bytes + size > MAX_OBJECT_BYTES) {
        objects.push([]);
        bytes = 0;
      }
      objects.at(-1)?.push({ queue, body });
      bytes += size;
    }
  }
  return objects;
}
