import { refusal } from '#contract/problem.ts';
import type { Job } from '#core/job.ts';
import { TRANSITIONS } from '#core/job-status.ts';
import { moveJob } from '../../store/jobs.ts';
import { noSuchJob } from '../missing.ts';
import type { OperationHandler } from '../request.ts';

export const cancelJob: OperationHandler<'cancelJob'> = async ({ parameters: { p, j } }, tools) => {
  const key = { partition: p, job: j };
  const moved = await moveJob(tools.table, key, 'cancel', { now: tools.clock.now() });
  switch (moved.outcome) {
    case 'moved':
    case 'noop':
      return { status: 204 };
    case 'missing':
      throw noSuchJob(key);
    case 'refused':
      throw notCancellable(moved.job);
  }
};

function notCancellable({ job, status }: Job) {
  const allowed = new Intl.ListFormat('en', { type: 'disjunction' }).format(TRANSITIONS.cancel.from);
  return refusal(
    'invalid-transition',
    `job '${job}' is ${status}; only a job that is ${allowed} can be cancelled`,
  );
}
