/** Jobs that failed because of a prerequisite: which of them can start again, and what the user can do. Pure. */
import type { Job } from './job.ts';
import { isFinal } from './job-status.ts';
import type { EndedStatus, RootCause } from './prerequisites.ts';
import { decideRetry } from './retry.ts';

/** Code and id of the failure of a job whose prerequisite did not complete. */
export const PREREQUISITE_FAILED = 'prerequisite-failed';

/** True if the job failed because of a prerequisite, so that it never ran. */
export function isRestartable({ job, status, rootCause, startTime }: Job): boolean {
  return status === 'Failed' && rootCause !== undefined && rootCause.job !== job && startTime === undefined;
}

export interface FailedPrerequisite {
  readonly prerequisite: string;
  readonly how: EndedStatus;
  readonly root: RootCause;
  /** The job of the root cause as it is now. */
  readonly rootJob: Job | undefined;
}

/** Describes why a prerequisite cannot complete. */
export function describeFailed(
  { prerequisite, how, root }: FailedPrerequisite,
  verb: 'ended as' | 'is already' = 'ended as',
): string {
  const cause = root.job === prerequisite ? '' : `, because job '${root.job}' ended as ${root.status}`;
  return `'${prerequisite}' ${verb} ${how}${cause}`;
}

/** Returns the next step for a job that failed because of a prerequisite. */
export function adviceForFailed(failed: FailedPrerequisite): string {
  const { root, rootJob } = failed;
  if (rootJob !== undefined && canStillComplete(rootJob))
    return `Retry this job when '${root.job}' is Completed.`;
  if (rootJob !== undefined && decideRetry(rootJob).kind === 'retry')
    return `Retry '${root.job}' with restartDependents: this job then starts again.`;
  return (
    `${upperFirst(createAgain(failed))}, then retry this job when it is Completed. ` +
    'Or create this job again with another onPrerequisiteFailure.'
  );
}

/** Returns the next step for a user who creates a job with a prerequisite that has failed. */
export function adviceForNew(failed: FailedPrerequisite): string {
  const { prerequisite, root, rootJob } = failed;
  const isSame = root.job === prerequisite;
  if (rootJob !== undefined && !isSame && canStillComplete(rootJob))
    return `retry '${prerequisite}', which then starts again`;
  if (rootJob !== undefined && decideRetry(rootJob).kind === 'retry')
    return isSame
      ? `retry '${prerequisite}'`
      : `retry '${root.job}' with restartDependents, which starts '${prerequisite}' again`;
  return isSame ? createAgain(failed) : `${createAgain(failed)}, then retry '${prerequisite}'`;
}

function createAgain({ root, rootJob }: FailedPrerequisite): string {
  return rootJob === undefined
    ? `create '${root.job}' again`
    : `delete '${root.job}' and create it again under this id`;
}

function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function canStillComplete({ status }: Job): boolean {
  return status === 'Completed' || !isFinal(status);
}
