import { type BulkCriteria, type BulkResult, type BulkVerb, type Jobtree, jobsChanged } from 'jobtree/client';

export const VERBS = [
  {
    verb: 'cancel',
    label: 'Cancel',
    done: 'cancelled',
    help: 'Stops their work. Jobs that are final stay as they are.',
  },
  { verb: 'pause', label: 'Pause', done: 'paused', help: 'Starts no more work until they are resumed.' },
  { verb: 'resume', label: 'Resume', done: 'resumed', help: 'Continues paused jobs.' },
  {
    verb: 'retry',
    label: 'Retry failed items of',
    done: 'retried',
    help: 'Starts a new run of final jobs with their failed items.',
  },
  {
    verb: 'delete',
    label: 'Delete',
    done: 'deleted',
    help: 'Removes jobs with their results. This cannot be undone.',
  },
] as const satisfies readonly { verb: BulkVerb; label: string; done: string; help: string }[];
export type VerbEntry = (typeof VERBS)[number];

type Options = Parameters<Jobtree['cancelJobs']>[1];

function act(api: Jobtree, verb: BulkVerb, criteria: BulkCriteria, options: Options): Promise<BulkResult> {
  const actions = {
    cancel: () => api.cancelJobs(criteria, options),
    pause: () => api.pauseJobs(criteria, options),
    resume: () => api.resumeJobs(criteria, options),
    retry: () => api.retryJobs(criteria, options),
    delete: () => api.deleteJobs(criteria, options),
  };
  return actions[verb]();
}

/** Returns the number of jobs that the action would change. */
export async function countAffected(
  api: Jobtree,
  verb: BulkVerb,
  criteria: readonly BulkCriteria[],
  signal: AbortSignal,
): Promise<number> {
  let jobs = 0;
  for (const one of criteria) jobs += (await act(api, verb, one, { dryRun: true, signal })).jobs;
  return jobs;
}

/** Acts, and follows what continues in the background. Reports the number of jobs changed so far. */
export async function actOnAll(
  api: Jobtree,
  verb: BulkVerb,
  criteria: readonly BulkCriteria[],
  onProgress: (jobs: number) => void,
): Promise<number> {
  let jobs = 0;
  for (const one of criteria) {
    const result = await act(api, verb, one, {});
    let changed = result.jobs;
    onProgress(jobs + changed);
    for await (const operation of result.operation?.watch() ?? []) {
      changed = jobsChanged(operation);
      onProgress(jobs + changed);
    }
    jobs += changed;
  }
  return jobs;
}
