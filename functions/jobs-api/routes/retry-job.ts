import { refusal } from '#contract/problem.ts';
import { checkRetrySize, MAX_FAILED_DEPENDENTS } from '#contract/retry-job.ts';
import { pathOfFailure, shortenId } from '#core/failure.ts';
import { itemOfSource } from '#core/fingerprint.ts';
import type { Failure, Job } from '#core/job.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Table } from '#core/ports.ts';
import { readinessOf, unmetPrerequisites } from '#core/readiness.ts';
import { adviceForFailed, describeFailed, isRestartable } from '#core/restart.ts';
import { decideRetry, type RetryFilter } from '#core/retry.ts';
import { nodeOf } from '#core/task-path.ts';
import { firstVisitOf, isTakenByLaterVisits } from '#core/template/outcome.ts';
import { readPrerequisiteStates } from '../../store/dependents.ts';
import { listFailures, MAX_FAILURE_ROWS } from '../../store/failures.ts';
import { readJob } from '../../store/jobs.ts';
import { failedDependentsOf, restartJob } from '../../store/restarts.ts';
import { retryJob as retry } from '../../store/retries.ts';
import { listVisits, type Visit } from '../../store/visits.ts';
import { checkVersion } from '../etag.ts';
import { noSuchJob } from '../missing.ts';
import type { ApiRequest, OperationHandler } from '../request.ts';

export const retryJob: OperationHandler<'retryJob'> = async (request, { table, clock }) => {
  const { parameters, body, header, caller } = request;
  checkRetrySize(body);
  const key = { partition: parameters.p, job: parameters.j };
  const failedDependents = await failedDependentsOf(table, key, MAX_FAILED_DEPENDENTS);
  const listed = failedDependents.length === 0 ? {} : { failedDependents };
  if (await restartAfterPrerequisite(request, table, clock.now()))
    return { status: 202, body: { itemsRetried: 0, ...listed } };
  const retried = await retry(table, key, {
    now: clock.now(),
    actor: caller.sub,
    retry: body,
    count: (job) => {
      checkVersion(header('If-Match'), job);
      return countItems(table, job, body.filter);
    },
  });
  if (retried.kind === 'missing') throw noSuchJob(key);
  return { status: 202, body: { itemsRetried: retried.items, ...listed } };
};

/** Starts a job again that failed because of a prerequisite. Returns false for any other job. */
async function restartAfterPrerequisite(
  { parameters, body, header, caller }: ApiRequest<'retryJob'>,
  table: Table,
  now: number,
): Promise<boolean> {
  const key = { partition: parameters.p, job: parameters.j };
  const job = await readJob(table, key);
  if (job === undefined || !isRestartable(job)) return false;
  checkVersion(header('If-Match'), job);
  const { filter, patch, restartDependents } = body;
  if (patch !== undefined || filter.codes !== undefined || filter.itemIds !== undefined) {
    throw refusal(
      'invalid-transition',
      `job '${job.job}' failed because of a prerequisite and has no failed items; retry it without filter and patch`,
    );
  }
  const standings = await readPrerequisiteStates(table, key.partition, unmetPrerequisites(job));
  const readiness = readinessOf(job, (id) => standings.get(id) ?? { kind: 'missing' });
  if (readiness.kind === 'failed') {
    const rootJob = await readJob(table, { ...key, job: readiness.root.job });
    const failed = { ...readiness, rootJob };
    throw refusal(
      'invalid-transition',
      `job '${job.job}' cannot start: prerequisite ${describeFailed(failed)}. ${adviceForFailed(failed)}`,
    );
  }
  const restarted = await restartJob(table, key, {
    now,
    actor: caller.sub,
    restartsDependents: restartDependents,
    check: (current) => checkVersion(header('If-Match'), current),
  });
  return restarted !== undefined;
}

async function countItems(table: Table, job: Job, filter: RetryFilter): Promise<number> {
  const decision = decideRetry(job);
  if (decision.kind === 'refused') throw refusal('invalid-transition', `job '${job.job}' ${decision.why}`);
  const { codes, itemIds } = filter;
  if (codes === undefined && itemIds === undefined) return decision.items;
  const count = await countFailures(table, job, filter);
  if (count > 0) return count;
  throw refusal(
    'invalid-transition',
    `none of the failed items of job '${job.job}' matches the filter; GET …/failures lists them`,
  );
}

/** Counts matching failures among those stored for the run, at most 10,000. Further matching items are retried too. */
async function countFailures(table: Table, job: Job, filter: RetryFilter): Promise<number> {
  const ids = filter.itemIds && new Set(filter.itemIds.map(shortenId));
  const visits = job.flow === undefined ? [] : await listVisits(table, job);
  const matches = (failure: Failure) => {
    const item = itemOfSource(failure.failureSource);
    if (item === undefined || (ids !== undefined && !ids.has(item))) return false;
    return (
      filter.codes?.includes(failure.code) !== false &&
      !isTakenByLaterVisits(nodeOf(pathOfFailure(failure)), visits)
    );
  };
  const found = new Set<string>();
  let read = 0;
  let after: Readonly<Record<string, unknown>> | undefined;
  do {
    const page = await listFailures(table, job, {
      limit: MAX_FAILURE_ROWS - read,
      ...omitUndefined({ after }),
    });
    for (const failure of page.failures.filter(matches)) found.add(itemKey(failure, visits));
    read += page.failures.length;
    after = page.next;
  } while (after !== undefined && read < MAX_FAILURE_ROWS);
  return found.size;
}

/** Identifies an item that failed in several branches of a flow. Its chunk has the same index in each branch. */
function itemKey(failure: Failure, visits: readonly Visit[]): string {
  const { failureId } = failure;
  const visit = visits.find(({ node }) => node === nodeOf(pathOfFailure(failure)));
  const firstVisit = visit && firstVisitOf(visit, visits);
  if (firstVisit === visit) return failureId;
  return `${firstVisit?.node}${failureId.slice(failureId.indexOf('/'))}`;
}
