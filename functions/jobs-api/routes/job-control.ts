/** Cancels, pauses and resumes one job. */
import { refusal } from '#contract/problem.ts';
import type { Job } from '#core/job.ts';
import { TRANSITIONS } from '#core/job-status.ts';
import { moveJob } from '../../store/jobs.ts';
import { noSuchJob } from '../missing.ts';
import type { ApiPorts, ApiRequest, ApiResponse, OperationHandler } from '../request.ts';

const PAST_FORMS = { cancel: 'cancelled', pause: 'paused', resume: 'resumed' } as const;
type Control = keyof typeof PAST_FORMS;

/** Changes the status of a job by a user command. A refusal lists the statuses that allow the command. */
async function controlJob(
  { parameters: { p, j }, caller }: ApiRequest<`${Control}Job`>,
  verb: Control,
  ports: ApiPorts,
): Promise<ApiResponse<never>> {
  const key = { partition: p, job: j };
  const moved = await moveJob(ports.table, key, verb, {
    now: ports.clock.now(),
    actor: caller.sub,
  });
  if (moved.kind === 'missing') throw noSuchJob(key);
  if (moved.kind === 'refused') throw notAllowed(verb, moved.job);
  return { status: 204 };
}

function notAllowed(verb: Control, { job, status }: Job) {
  const allowed = new Intl.ListFormat('en', { type: 'disjunction' }).format(TRANSITIONS[verb].from);
  return refusal(
    'invalid-transition',
    `job '${job}' is ${status}; only a job that is ${allowed} can be ${PAST_FORMS[verb]}`,
  );
}

export const cancelJob: OperationHandler<'cancelJob'> = (request, ports) =>
  controlJob(request, 'cancel', ports);

export const pauseJob: OperationHandler<'pauseJob'> = (request, ports) => controlJob(request, 'pause', ports);

export const resumeJob: OperationHandler<'resumeJob'> = (request, ports) =>
  controlJob(request, 'resume', ports);
