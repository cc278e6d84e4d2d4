/** Checks of starts: no job starts too early, and no job waits that could run. */
import type { HistoryEntry } from '#core/history.ts';
import { generationOf, type Job } from '#core/job.ts';
import type { Row } from '#core/ports.ts';
import type { Life } from './start-model.ts';
import { expiryOf, firstMet, idsOf, isReached, judgedAtRest, namedBy } from './start-model.ts';
import { runId } from './truth.ts';
import type { Watch } from './watch.ts';

/** Returns the states of a prerequisite since the job was created. */
function lifeOf({ chronicle }: Watch, job: Job, id: string): Life {
  return chronicle.life({ ...job, job: id }, chronicle.born(job).moment);
}

/** Returns the states since the request began: a deletion between its read and its write counts too. */
function lifeSinceRequest({ chronicle }: Watch, job: Job, id: string): Life {
  const { since = 0 } = chronicle.attempt(job.createdBy) ?? {};
  return chronicle.life({ ...job, job: id }, since);
}

function startOf(watch: Watch, job: Job) {
  return watch.specOf(job.externalData)?.start ?? {};
}

/** Checks that a job is dispatched once, after its prerequisites have finished, and before it expires. */
export function checkDispatch(watch: Watch, before: Job, after: Job): void {
  const where = `${runId(before)} at ${watch.clock.now()}`;
  const creation = watch.truthOf({ ...before, generation: generationOf(before) });
  if (creation.isDispatched) watch.violated('a job is dispatched once', where);
  creation.isDispatched = true;
  const start = startOf(watch, before);
  const times = namedBy(start).map((named) => {
    const [life, longer] = [lifeOf, lifeSinceRequest].map((of) => of(watch, before, named.id));
    const met = (seen: Life = []) => firstMet(named, seen, start.onPrerequisiteFailure);
    return met(life) ?? met(longer);
  });
  if (times.includes(undefined))
    watch.violated(
      'no job starts before its prerequisites are met',
      `${where}: ${JSON.stringify([start, times])}`,
    );
  const { createTime } = before;
  const { startTime = 0 } = after;
  const met = Math.max(createTime, ...times.map((time = 0) => time));
  // The instance that found the job due and the one that starts it may have different clocks.
  const due =
    Math.max(met + 1_000 * (start.delay ?? 0), start.notBefore ?? 0) - 2 * watch.scenario.skewMillis;
  if (startTime < due)
    watch.violated('no job starts before its start time', `${where}: ${startTime}, due ${due}`);
  const expiry = expiryOf(before);
  if (expiry !== undefined && startTime >= expiry.time)
    watch.violated('no expired job starts', `${where}: ${JSON.stringify([startTime, expiry])}`);
}

/** Checks the time of an expiry, by the clock of the instance that recorded it. */
export function checkExpiry(watch: Watch, entry: HistoryEntry, before: Job): void {
  checkIdle(watch, entry, before);
  const expiry = expiryOf(before);
  if (expiry?.operation !== 'Expire' || entry.time < expiry.time)
    watch.violated(
      'a job expires by its policy',
      `${runId(before)} ${JSON.stringify([before.expiry, entry])}`,
    );
}

/** Checks that a job does not expire as idle if the sweeper could see progress within the idle limit. */
function checkIdle(watch: Watch, entry: HistoryEntry, before: Job): void {
  const { progressAt, progressLooked = progressAt } = watch.truthOf(before);
  const limit = Number(/^PT(\d+)S$/.exec(before.idleLimit ?? '')?.[1] ?? 0) * 1_000;
  const earliest = (progressLooked ?? 0) + limit - 2 * watch.scenario.skewMillis;
  if (before.status !== 'Active' || before.expiry?.active !== undefined || entry.time >= earliest) return;
  watch.violated(
    'a job that makes progress does not expire',
    `${runId(before)} ${JSON.stringify([entry, progressLooked])}`,
  );
}

export function isDueDeletion({ clock, scenario }: Watch, before: Job): boolean {
  const expiry = expiryOf(before);
  return expiry?.operation === 'Delete' && expiry.time <= clock.now() + scenario.skewMillis;
}

/** Checks that a job fails before its start only because of a prerequisite or a circular dependency. */
export function checkDependentFailure(watch: Watch, after: Job): void {
  const { rootCause } = after;
  const start = startOf(watch, after);
  const lives = idsOf(start).map((id) => ({
    id,
    standings: lifeSinceRequest(watch, after, id).map(({ job }) => job),
  }));
  const isRoot = ({ id, standings }: (typeof lives)[number]): boolean => {
    const isGone = standings.length > 1 && standings.includes(undefined);
    if (rootCause?.job === id && rootCause.status === 'Deleted') return isGone;
    return standings.some((job) =>
      job?.rootCause === undefined
        ? rootCause?.job === id && job?.status === rootCause.status
        : job.rootCause.job === rootCause?.job && job.rootCause.status === rootCause.status,
    );
  };
  const isPolicy = (start.onPrerequisiteFailure ?? 'fail') === 'fail';
  const ways = (id: string) =>
    lifeSinceRequest(watch, after, id).flatMap(
      ({ job }) => job?.prerequisites?.map((other) => other.job) ?? [],
    );
  const isCircle = rootCause?.job === after.job && isReached(after.job, idsOf(start), ways);
  if ((isPolicy && lives.some(isRoot)) || isCircle) return;
  watch.violated(
    'a dependent fails with a correct root cause',
    `${runId(after)} ${JSON.stringify(rootCause)}`,
  );
}

/** Checks that, at rest, no job waits that could run or must fail. */
export function checkWaiting(watch: Watch, job: Job): void {
  const start = startOf(watch, job);
  const judged = namedBy(start).map((named) => {
    const life = lifeOf(watch, job, named.id);
    // The create request may or may not have seen a concurrent deletion of the prerequisite.
    const wasThere = lifeSinceRequest(watch, job, named.id)[0]?.job !== undefined;
    if (wasThere && life[0]?.job === undefined) return 'unknown';
    return judgedAtRest(named, life, start.onPrerequisiteFailure);
  });
  const where = `${runId(job)} ${JSON.stringify([start, judged])}`;
  if (judged.includes('failed')) watch.violated('a dependent of a failed job fails', where);
  if (job.queued) {
    if (watch.places.hasPlace(job.partition))
      watch.violated('no job is on the waitlist while a slot is free', where);
  } else if (judged.every((one) => one === 'met')) watch.violated('no job waits that could run', where);
}

/** Checks that the dependent row is removed when the dependent is deleted. */
export function checkDependentRow(watch: Watch, row: Row): void {
  const { partition, job, generation } = row as unknown as Job;
  if (watch.truthOf({ partition, job, generation }).isDeleted)
    watch.violated('no row names a dependent that is deleted', `${row.pk} ${row.sk}`);
}
