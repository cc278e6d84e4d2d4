/** What must be true when nothing moves any more: everything ended, and nothing is left lying about. */
import { jobOfRow } from '../../functions/store/jobs.ts';
import { jobOfKey } from '../../functions/store/keys.ts';
import type { Surroundings } from './ports.ts';
import { type RunTruth, runId } from './truth.ts';

/** Rows and objects that stay behind; all of the rows have a time to live. */
export interface Remains {
  trackingRows: number;
  rowsOfDeleted: number;
  objectsOfDeleted: number;
}

const FINAL = ['Completed', 'Failed', 'Cancelled'];

export function checkRest({ world, watch }: Surroundings): Remains {
  for (const name of world.queues.names()) {
    const { visible, delayed, inFlight } = world.queues.depth(name);
    if (name !== 'unroutable' && visible + delayed + inFlight > 0) {
      watch.violated('at rest every queue is empty', `${name}: ${visible + delayed + inFlight}`);
    }
  }
  const remains: Remains = { trackingRows: 0, rowsOfDeleted: 0, objectsOfDeleted: 0 };
  for (const row of world.table.rows()) {
    const isTombstone = row['status'] === 'Deleted';
    if (row['followUp'] !== undefined) watch.violated('at rest nothing is owed', `${row.pk} ${row.sk}`);
    if (row.sk === 'JOB' && !isTombstone) checkJob({ status: String(row['status']) }, row.pk, watch);
    if (isTombstone) continue;
    const truth = truthOfRow(watch.runs, row.pk, row.sk);
    if (truth?.isDeleted === true) remains.rowsOfDeleted += 1;
    else if (row.sk === 'P' || row.sk.startsWith('N#')) remains.trackingRows += 1;
    else continue;
    if (row['ttl'] === undefined) watch.violated('what is left behind has a time to live', `${row.pk} ${row.sk}`);
  }
  for (const key of world.objects.keys()) {
    const [, partition = '', job = '', generation] = key.split('/');
    const truth = watch.runs.get(`${decodeURIComponent(partition)}/${decodeURIComponent(job)}/${generation}`);
    if (truth?.isDeleted === true) remains.objectsOfDeleted += 1;
  }
  return remains;
}
