/** Checks of starts: no job begins before it may, and none waits that could run. */
import type { HistoryEntry } from '#core/history.ts';
import { creationOf, type Job } from '#core/job.ts';
import type { Row } from '#core/ports.ts';
import type { Life } from './start-model.ts';
import { expiryOf, firstMet, idsOf, isReached, judgedAtRest, namedBy } from './start-model.ts';
import { runId } from './truth.ts';
import type { Watch } from './watch.ts';

/** How a prerequisite of the job stood since that was created. */
function lifeOf({ chronicle }: Watch, job: Job, id: string): Life {
  return chronicle.life({ ...job, job: id }, chronicle.born(job).moment);
}

/** The same since it was asked for: what is deleted between the look of that request and its write counts as deleted. */
function lifeSinceRequest({ chronicle }: Watch, job: Job, id: string): Life {
  const { since = 0 } = chronicle.attempt(job.createdBy) ?? {};
  return chronicle.life({ ...job, job: id }, since);
}

function startOf(watch: Watch, job: Job) {
  return watch.specOf(job.externalData)?.start ?? {};
}

/** Once in its life, when all that it waits for is over, and before its time is. */
export function checkDispatch(watch: Watch, before: Job, after: Job): void {
  const where = `${runId(before)} at ${watch.clock.now()}`;
  const creation = watch.truthOf({ ...before, generation: creationOf(before) });
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
      'no job begins before its prerequisites are done',
      `${where}: ${JSON.stringify([start, times])}`,
    );
  const { createTime } = before;
  const { startTime = 0 } = after;
  const met = Math.max(createTime, ...times.map((time = 0) => time));
  // Whoever saw that it was time may have had another clock than the one who begins it.
  const due =
    Math.max(met + 1_000 * (start.delay ?? 0), start.notBefore ?? 0) - 2 * watch.scenario.skewMillis;
  if (startTime < due) watch.violated('no job begins before its time', `${where}: ${startTime}, due ${due}`);
  const expiry = expiryOf(before);
  if (expiry !== undefined && startTime >= expiry.time)
    watch.violated('no job begins whose time is over', `${where}: ${JSON.stringify([startTime, expiry])}`);
}

/** By the clock of the one who did it, as it noted that. */
export function checkExpiry(watch: Watch, entry: HistoryEntry, before: Job): void {
  checkIdle(watch, entry, before);
  const expiry = expiryOf(before);
  if (expiry?.operation !== 'Expire' || entry.time < expiry.time)
    watch.violated(
      'a job expires by its policy',
      `${runId(before)} ${JSON.stringify([before.expiry, entry])}`,
    );
}

/** No job that has made progress within its limit expires for a lack of it, as far as the sweeper could see. */
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

/** A job that fails before its start does so because of another one, or since it waits for itself. */
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
  watch.violated('a dependent fails for a true reason', `${runId(after)} ${JSON.stringify(rootCause)}`);
}

/** At rest nobody waits who could run, or who must fail. */
export function checkWaiting(watch: Watch, job: Job): void {
  const start = startOf(watch, job);
  const judged = namedBy(start).map((named) => {
    const life = lifeOf(watch, job, named.id);
    // What was deleted while the job was asked for may have been seen or not.
    const wasThere = lifeSinceRequest(watch, job, named.id)[0]?.job !== undefined;
    if (wasThere && life[0]?.job === undefined) return 'unknown';
    return judgedAtRest(named, life, start.onPrerequisiteFailure);
  });
  const where = `${runId(job)} ${JSON.stringify([start, judged])}`;
  if (judged.includes('failed')) watch.violated('a dependent of what failed fails', where);
  if (job.queued) {
    if (watch.places.hasPlace(job.partition))
      watch.violated('nobody stands in line beside a free place', where);
  } else if (judged.every((one) => one === 'met')) watch.violated('nobody waits who could run', where);
}

/** Who waits for a job stands under it for as long as that one is there. */
export function checkDependentRow(watch: Watch, row: Row): void {
  const { partition, job, generation } = row as unknown as Job;
  if (watch.truthOf({ partition, job, generation }).isDeleted)
    watch.violated('no row names a dependent that is deleted', `${row.pk} ${row.sk}`);
}
