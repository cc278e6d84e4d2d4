import { createHash } from 'node:crypto';
import { PermanentFailure } from '#core/errors.ts';
import type { Job, JobFlow, JobRun } from '#core/job.ts';
import type { Clock, StateMachines, Table } from '#core/ports.ts';
import { flowInput } from '#core/template/compile.ts';
import { failJob } from '../store/jobs.ts';
import { messageGroup } from '../store/message-group.ts';

export interface RunFlowPorts {
  readonly table: Table;
  readonly machines: StateMachines;
  readonly clock: Clock;
}

/** Returns the same name for the same run, so that repeated starts create one execution. */
function executionName({ partition, job, runNumber }: JobRun): string {
  return createHash('sha256')
    .update(JSON.stringify([partition, job, runNumber]))
    .digest('hex');
}

/** Starts the state machine of a job. If the state machine was deleted, the job fails. */
export async function startFlow(ports: RunFlowPorts, job: Job, { machine, steps }: JobFlow): Promise<void> {
  const input = flowInput({ ...job, group: messageGroup(job.partition) }, steps);
  if ((await ports.machines.start(machine, executionName(job), input)) === 'started') return;
  const reason = new PermanentFailure(
    'template-gone',
    `the state machine of template '${job.template}' (version ${job.templateVersion}) was deleted before the job started. Resubmit the job.`,
  );
  await failJob(ports, job, reason);
}

/** Stops the state machine of a job that is final. */
export async function stopFlow({ machines }: RunFlowPorts, run: JobRun, machine: string): Promise<void> {
  await machines.stop(machine, executionName(run));
}
