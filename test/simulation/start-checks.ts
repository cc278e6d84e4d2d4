/** Checks of starts: no job starts too early, and no job waits that could run. */
import type { HistoryEntry } from '#core/history.ts';
import { generationOf, type Job } from '#core/job.ts';
import type { Row } from '#core/ports.ts';
import type { StateHistory } from './start-model.ts';
import { expiryOf, firstMet, idsOf, isReached, prerequisitesOf, verdictAtRest } from './start-model.ts';
import { runId } from './truth.ts';
import type { Watch } from './watch.ts';

/** Returns the states of a prerequisite since the job was created. */
function historyOf({ chronicle }: Watch, job: Job, id: string): StateHistory {
  return chronicle.history({ ...job, job: id }, chronicle.creationTimeOf(job).moment);
}

/** Returns the states since the request began: a deletion between its read and its write counts too. */
function historySinceRequest({ chronicle }: Watch, job: Job, id: string): StateHistory {
  const { firstMoment = 0 } = chronicle.apiCall(job.createdBy) ?? {};
  return chronicle.history({ ...job, job: id }, firstMoment);
}

function startOf(watch: Watch, job: Job) {
  return watch.specOf(job.externalData)?.start ?? {};
}

/** Checks that a job is dispatched once, after its prerequisites have finished, and before it expires. */
export function checkDispatch(watch: Watch, before: Job, after: Job): void {
  const description = `${runId(before)} at ${watch.clock.now()}`;
  const creation = watch.truthOf({ ...before, runNumber: generationOf(before) });
  if (creation.isDispatched) watch.violated('a job is dispatched once', description);
  creation.isDispatched = true;
  const start = startOf(watch, before);
  const times = prerequisitesOf(start).map((prerequisite) => {
    const [history, longerHistory] = [historyOf, historySinceRequest].map((of) =>
      of(watch, before, prerequisite.id),
    );
    const metTime = (history: StateHistory = []) =>
      firstMet(prerequisite, history, start.onPrerequisiteFailure);
    return metTime(history) ?? metTime(longerHistory);
  });
  if (times.includes(undefined))
    watch.violated(
      'no job starts before its prerequisites are met',
      `${description}: ${JSON.stringify([start, times])}`,
    );
  const { createTime } = before;
  const { startTime = 0 } = after;
  const lastMetTime = Math.max(createTime, ...times.map((time = 0) => time));
  // The instance that found the job due and the one that starts it may have different clocks.
  const earliestStart =
    Math.max(lastMetTime + 1_000 * (start.delay ?? 0), start.notBefore ?? 0) - 2 * watch.scenario.skewMillis;
  if (startTime < earliestStart)
    watch.violated(
      'no job starts before its start time',
      `${description}: ${startTime}, due ${earliestStart}`,
    );
  const expiry = expiryOf(before);
  if (expiry !== undefined && startTime >= expiry.time)
    watch.violated('no expired job starts', `${description}: ${JSON.stringify([startTime, expiry])}`);
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
  const { progressAt, progressAtSweep = progressAt } = watch.truthOf(before);
  const limit = Number(/^PT(\d+)S$/.exec(before.idleLimit ?? '')?.[1] ?? 0) * 1_000;
  const earliest = (progressAtSweep ?? 0) + limit - 2 * watch.scenario.skewMillis;
  if (before.status !== 'Active' || before.expiry?.active !== undefined || entry.time >= earliest) return;
  watch.violated(
    'a job that makes progress does not expire',
    `${runId(before)} ${JSON.stringify([entry, progressAtSweep])}`,
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
  const histories = idsOf(start).map((id) => ({
    id,
    states: historySinceRequest(watch, after, id).map(({ job }) => job),
  }));
  const isRoot = ({ id, states }: (typeof histories)[number]): boolean => {
    const isGone = states.length > 1 && states.includes(undefined);
    if (rootCause?.job === id && rootCause.status === 'Deleted') return isGone;
    return states.some((job) =>
      job?.rootCause === undefined
        ? rootCause?.job === id && job?.status === rootCause.status
        : job.rootCause.job === rootCause?.job && job.rootCause.status === rootCause.status,
    );
  };
  const isPolicy = (start.onPrerequisiteFailure ?? 'fail') === 'fail';
  const prerequisiteIdsOf = (id: string) =>
    historySinceRequest(watch, after, id).flatMap(
      ({ job }) => job?.prerequisites?.map((other) => other.job) ?? [],
    );
  const isCircle = rootCause?.job === after.job && isReached(after.job, idsOf(start), prerequisiteIdsOf);
  if ((isPolicy && histories.some(isRoot)) || isCircle) return;
  watch.violated(
    'a dependent fails with a correct root cause',
    `${runId(after)} ${JSON.stringify(rootCause)}`,
  );
}

/** Checks that, at rest, no job waits that could run or must fail. */
export function checkWaiting(watch: Watch, job: Job): void {
  const start = startOf(watch, job);
  const verdicts = prerequisitesOf(start).map((prerequisite) => {
    const history = historyOf(watch, job, prerequisite.id);
    // The create request may or may not have seen a concurrent deletion of the prerequisite.
    const wasThere = historySinceRequest(watch, job, prerequisite.id)[0]?.job !== undefined;
    if (wasThere && history[0]?.job === undefined) return 'unknown';
    return verdictAtRest(prerequisite, history, start.onPrerequisiteFailure);
  });
  const description = `${runId(job)} ${JSON.stringify([start, verdicts])}`;
  if (verdicts.includes('failed')) watch.violated('a dependent of a failed job fails', description);
  if (job.queued) {
    if (watch.slots.hasFreeSlot(job.partition))
      watch.violated('no job is on the waitlist while a slot is free', description);
  } else if (verdicts.every((verdict) => verdict === 'met'))
    watch.violated('no job waits that could run', description);
}

/** Checks that the dependent row is removed when the dependent is deleted. */
export function checkDependentRow(watch: Watch, row: Row): void {
  const { partition, job, runNumber } = row as unknown as Job;
  if (watch.truthOf({ partition, job, runNumber }).isDeleted)
    watch.violated('no row names a dependent that is deleted', `${row.pk} ${row.sk}`);
}
