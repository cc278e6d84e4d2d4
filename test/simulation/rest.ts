/** Checks of the final state: every job has ended, and everything that is left will be removed. */
import type { Job } from '#core/job.ts';
import type { Totals } from '#core/page.ts';
import type { Row } from '#core/ports.ts';
import { isSealed } from '#core/progress.ts';
import { jobOfKey } from '../../functions/store/keys.ts';
import { progressOfRow } from '../../functions/store/progress.ts';
import { checkFlowsAtRest } from './flow-rest.ts';
import type { Wiring } from './functions.ts';
import { checkOutcomesAtRest } from './outcome-rest.ts';
import type { Surroundings } from './ports.ts';
import { checkRestarts } from './restart-checks.ts';
import { checkDependentRow, checkWaiting } from './start-checks.ts';
import { type RunTruth, runId } from './truth.ts';
import type { Watch } from './watch.ts';

/** Counts of leftovers. All of them have a time to live. */
export interface Leftovers {
  readonly trackingRows: number;
  /** Pages of nodes without a fence: their splitters crashed, and no row references them. */
  readonly rowsOfDeleted: number;
  readonly objectsOfDeleted: number;
}

const FINAL = ['Completed', 'Failed', 'Cancelled', 'Expired'];

export async function checkRest(surroundings: Surroundings, wiring: Wiring = {}): Promise<Leftovers> {
  const { world, watch } = surroundings;
  for (const name of world.queues.names()) {
    const { visible, delayed, inFlight } = world.queues.depth(name);
    if (name !== 'unroutable' && visible + delayed + inFlight > 0) {
      watch.violated('at rest every queue is empty', `${name}: ${visible + delayed + inFlight}`);
    }
  }
  if (watch.isFaultless) checkCounts(world, watch);
  let trackingRows = 0;
  let rowsOfDeleted = 0;
  for (const row of world.table.rows()) {
    checkRow(watch, row);
    if (row.sk.startsWith('DEP#')) {
      checkDependentRow(watch, row);
      continue;
    }
    if (row['status'] === 'Deleted' || row['followUp'] !== undefined) continue;
    const isTracking = row.sk === 'P' || row.sk.startsWith('N#');
    const isOfDeleted = truthOfRow(watch, row)?.isDeleted === true;
    if (isOfDeleted && !isUnfencedPage(watch, row))
      watch.violated('nothing of a deleted job is left', `${row.pk} ${row.sk}`);
    if (isOfDeleted) rowsOfDeleted += 1;
    else if (isTracking) trackingRows += 1;
    if ((isOfDeleted || isTracking) && row['ttl'] === undefined) {
      watch.violated('every leftover row has a time to live', `${row.pk} ${row.sk}`);
    }
  }
  checkHeld(watch, world.objects.keys());
  await checkOutcomesAtRest(surroundings, wiring);
  checkRestarts(watch);
  await checkFlowsAtRest(surroundings);
  return { trackingRows, rowsOfDeleted, objectsOfDeleted: objectsOfDeleted(watch, world.objects.keys()) };
}

/** Without faults, the progress counts every item that splitters found. */
function checkCounts({ table }: Surroundings['world'], watch: Watch): void {
  const rows = [...table.rows()];
  for (const job of rows) {
    const totals = job['totals'] as Totals | undefined;
    if (job.sk !== 'JOB' || totals === undefined) continue;
    const sk = `JOB#PROGRESS#${job['runNumber']}`;
    const progress = progressOfRow(rows.find((row) => row.pk === job.pk && row.sk === sk));
    if (progress.found === totals.items && isSealed(progress)) continue;
    watch.violated('without faults every item found is counted', `${job.pk}: ${JSON.stringify(progress)}`);
  }
}

function checkRow(watch: Watch, row: Row): void {
  if (row['followUp'] !== undefined) watch.violated('at rest no row has a follow-up', `${row.pk} ${row.sk}`);
  const status = String(row['status']);
  if (row.sk !== 'JOB' || status === 'Deleted') return;
  if (status === 'Waiting') checkWaiting(watch, row as unknown as Job);
  else if (!FINAL.includes(status)) watch.violated('every job ends', `${row.pk} is ${status}`);
  const truth = truthOfRow(watch, row);
  if (truth !== undefined && status === 'Completed' && truth.spec?.items !== undefined)
    checkItemsSent(watch, truth);
}

/** The chunks contain every item of the tree exactly once. */
function checkItemsSent(watch: Watch, truth: RunTruth): void {
  const sentIds = [...truth.nodes.values()].flatMap(({ children }) =>
    [...children.values()].flatMap(({ items }) => items ?? []),
  );
  const expected = truth.spec?.items ?? new Map();
  if (
    sentIds.length === expected.size &&
    new Set(sentIds).size === sentIds.length &&
    sentIds.every((id) => expected.has(id))
  )
    return;
  watch.violated('each item is in one chunk', `${runId(truth.run)}: ${sentIds.length} of ${expected.size}`);
}

function isUnfencedPage(watch: Watch, row: Row): boolean {
  const [, , , , , path = ''] = row.pk.split('#');
  return row.sk === 'P' && truthOfRow(watch, row)?.node(path).fences.length === 0;
}

function truthOfRow({ runs }: Watch, { pk, sk, ...row }: Row): RunTruth | undefined {
  const key = jobOfKey(pk);
  if (key === undefined) return undefined;
  const [, , , , runInKey] = pk.split('#');
  const runNumber = runInKey?.slice(1) ?? (sk === 'JOB' ? row['runNumber'] : sk.split('#').at(-1));
  return runs.get(runId({ ...key, runNumber: Number(runNumber) }));
}

/** Checks that no held work is left after all jobs are final. */
function checkHeld(watch: Watch, keys: readonly string[]): void {
  const heldKeys = keys.filter((key) => key.startsWith('held/'));
  if (watch.isFaultless && heldKeys.length > 0) watch.violated('at rest nothing is held', heldKeys.join());
}

function objectsOfDeleted(watch: Watch, keys: readonly string[]): number {
  const { runs } = watch;
  return keys.filter((key) => {
    const [, partition = '', job = '', runNumber] = key.split('/');
    const run = { partition: decodeURIComponent(partition), job: decodeURIComponent(job) };
    const isLeft = runs.get(runId({ ...run, runNumber: Number(runNumber) }))?.isDeleted === true;
    if (isLeft) watch.violated('nothing of a deleted job is left', key);
    return isLeft;
  }).length;
}
