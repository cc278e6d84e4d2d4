/** Checks of restarts: only jobs that failed because of a prerequisite wait again, and none of them is forgotten. */
import type { Job, JobKey } from '#core/job.ts';
import { isFinal } from './job-model.ts';
import { runId } from './truth.ts';
import type { Watch } from './watch.ts';

/** A dependent that must be restarted, because a retry of its prerequisite asked for it. */
export interface ExpectedRestart {
  readonly root: Job;
  readonly dependent: JobKey;
  readonly moment: number;
}

export function checkRestart(watch: Watch, before: Job, after: Job): void {
  if (!failedByPrerequisite(before))
    watch.violated('only a job that failed because of a prerequisite waits again', runId(before));
  if (after.rootCause !== undefined || after.endTime !== undefined)
    watch.violated('a restarted job has no end', `${runId(after)} ${JSON.stringify(after)}`);
  watch.truthOf(after).endedAt = undefined;
}

function failedByPrerequisite({ job, status, rootCause, startTime }: Job): boolean {
  return status === 'Failed' && startTime === undefined && rootCause !== undefined && rootCause.job !== job;
}

/** Notes the direct dependents that have failed when a retry that restarts dependents begins. */
export function expectRestarts(watch: Watch, root: Job): void {
  const { chronicle } = watch;
  const isKnown = watch.expectedRestarts.some(({ root: other }) => runId(other) === runId(root));
  if (isKnown || isFinal(root)) return;
  for (const key of chronicle.jobs()) {
    const { job } = chronicle.current(key);
    if (job === undefined || key.partition !== root.partition || !failedByPrerequisite(job)) continue;
    if (job.prerequisites?.some(({ job: id }) => id === root.job) !== true) continue;
    watch.expectedRestarts.push({ root, dependent: key, moment: chronicle.moment });
  }
}

/** Checks that a retry which completed has restarted the dependents that had failed when it began. */
export function checkRestarts(watch: Watch): void {
  const { chronicle } = watch;
  for (const { root, dependent, moment } of watch.expectedRestarts) {
    const [, ...ofRoot] = chronicle.history(root, moment);
    const hasCompleted = ofRoot.some(({ job }) => job?.status === 'Completed');
    if (!hasCompleted || ofRoot.some(({ job }) => job === undefined)) continue;
    const [, ...ofDependent] = chronicle.history(dependent, moment);
    if (ofDependent.some(({ job }) => job === undefined || job.status === 'Waiting')) continue;
    watch.violated(
      'a retry with restartDependents restarts what failed because of it',
      `${runId(root)}: ${dependent.job}`,
    );
  }
}
