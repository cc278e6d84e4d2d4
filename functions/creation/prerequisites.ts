/** Checks the prerequisites of a request body against their current status. */
import { type CreateJobBody, nonBlankIds } from '#contract/create-job.ts';
import { idProblem } from '#contract/ids.ts';
import type { JobServiceError } from '#core/errors.ts';
import { generationOf, type JobKey } from '#core/job.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Table } from '#core/ports.ts';
import type { Prerequisite } from '#core/prerequisites.ts';
import { judgePrerequisite, type PrerequisiteState } from '#core/readiness.ts';
import { adviceForNew, describeFailed, type FailedPrerequisite } from '#core/restart.ts';
import { type CycleSearch, findCycle, readPrerequisiteStates } from '../store/dependents.ts';
import type { NewJob } from '../store/insert-job.ts';
import { readJob } from '../store/jobs.ts';
import type { CreationPorts } from './ports.ts';
import { invalidMembers } from './wrong-input.ts';

type StartMembers = Pick<NewJob, 'prerequisites' | 'onPrerequisiteFailure' | 'delaySeconds' | 'notBefore'>;

const AT = ['prerequisiteJobIds'];
/** Suffix of an id: a job that does not exist counts as completed. */
const PRE_CREATED = ',pc';

/** Returns the conditions for the start of the job. Refuses conditions that can never be met. */
export async function startConditions(
  key: JobKey,
  { prerequisiteJobIds, onPrerequisiteFailure, delay, notBefore }: CreateJobBody,
  { table, clock }: CreationPorts,
): Promise<StartMembers> {
  const requested = mergedIds(nonBlankIds(prerequisiteJobIds ?? []));
  const times = {
    ...(delay === 0 ? {} : { delaySeconds: delay }),
    ...(notBefore ? { notBefore } : {}),
  };
  if (requested.length === 0) return times;
  const standings = await readPrerequisiteStates(
    table,
    key.partition,
    requested.map(({ job }) => job),
  );
  const dependent = { createTime: clock.now(), onPrerequisiteFailure };
  const prerequisites: Prerequisite[] = [];
  for (const { job, preCreated } of requested) {
    const standing = standings.get(job) ?? { kind: 'missing' };
    const prerequisite = { job, ...omitUndefined({ preCreated }), since: firstRunThatCounts(standing) };
    const judgement = judgePrerequisite(prerequisite, standing, dependent);
    if (judgement.kind === 'failed')
      throw await alreadyFailed(table, key.partition, { prerequisite: job, ...judgement });
    prerequisites.push(prerequisite);
  }
  const ids = requested.map(({ job }) => job);
  refuseCycle(await findCycle(table, key, ids, standings));
  return { ...times, prerequisites, onPrerequisiteFailure };
}

async function alreadyFailed(
  table: Table,
  partition: string,
  failed: Omit<FailedPrerequisite, 'rootJob'>,
): Promise<JobServiceError> {
  const rootJob = await readJob(table, { partition, job: failed.root.job });
  const whole = { ...failed, rootJob };
  return wrongPrerequisite(
    `prerequisite ${describeFailed(whole, 'is already')}; ${adviceForNew(whole)}. Or leave it out, or set onPrerequisiteFailure to ignore or wait`,
  );
}

function refuseCycle(search: CycleSearch): void {
  if (search.kind === 'cycle') {
    const cycle = search.ids.join(' → ');
    throw wrongPrerequisite(`the job would wait for itself: ${cycle}; remove one of these prerequisites`);
  }
  if (search.kind === 'too-large') {
    throw wrongPrerequisite(
      `these prerequisites depend on more than ${search.limit} waiting jobs; at most ${search.limit} are searched for a cycle. Create this job before the jobs that wait for it`,
    );
  }
}

/** Returns each id once. */
function mergedIds(sent: readonly string[]): { job: string; preCreated?: true }[] {
  const merged = new Map<string, { job: string; preCreated?: true }>();
  for (const text of sent) {
    const isPreCreated = text.endsWith(PRE_CREATED);
    const job = (isPreCreated ? text.slice(0, -PRE_CREATED.length) : text).trim();
    const problem = idProblem('job', job);
    if (problem !== undefined) throw wrongPrerequisite(`'${text}': ${problem}`);
    merged.set(job, { job, ...(isPreCreated || merged.get(job)?.preCreated ? { preCreated: true } : {}) });
  }
  return [...merged.values()];
}

/** Returns the first run number that counts. Earlier, deleted jobs with the id do not. */
function firstRunThatCounts(standing: PrerequisiteState): number {
  switch (standing.kind) {
    case 'missing':
      return 1;
    case 'deleted':
      return standing.runNumber + 1;
    case 'job':
      return generationOf(standing.job);
  }
}

function wrongPrerequisite(detail: string): JobServiceError {
  return invalidMembers([{ path: [], detail }], AT);
}
