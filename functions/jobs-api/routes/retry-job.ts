import { refusal } from '#contract/problem.ts';
import { checkRetrySize } from '#contract/retry-job.ts';
import { shortened } from '#core/failure.ts';
import { itemOfSource } from '#core/fingerprint.ts';
import { type Failure, generationsOf, type Job } from '#core/job.ts';
import { decideMove, TRANSITIONS } from '#core/job-status.ts';
import type { Totals } from '#core/page.ts';
import type { Table } from '#core/ports.ts';
import type { RetryFilter } from '#core/retry.ts';
import { listFailures, MAX_FAILURE_ROWS } from '../../store/failures.ts';
import { retryJob as retry } from '../../store/retries.ts';
import { checkVersion } from '../etag.ts';
import { noSuchJob } from '../missing.ts';
import type { OperationHandler } from '../request.ts';

/** Each chunk of a retry looks at the runs before, one after the other. */
const MAX_RUNS = 20;

export const retryJob: OperationHandler<'retryJob'> = async (request, { table, clock }) => {
  const { parameters, body, header, caller } = request;
  checkRetrySize(body);
  const key = { partition: parameters.p, job: parameters.j };
  const retried = await retry(table, key, {
    now: clock.now(),
    actor: caller.sub,
    retry: body,
    count: (job) => {
      checkVersion(header('If-Match'), job);
      return countItems(table, job, body.filter);
    },
  });
  if (retried.outcome === 'missing') throw noSuchJob(key);
  return { status: 202, body: { itemsRetried: retried.items } };
};

async function countItems(table: Table, job: Job, filter: RetryFilter): Promise<number> {
  const { failed } = checkedTotals(job);
  const { codes, itemIds } = filter;
  if (codes === undefined && itemIds === undefined) return failed;
  const count = await countFailures(table, job, filter);
  if (count > 0) return count;
  throw refusal(
    'invalid-transition',
    `none of the failed items of job '${job.job}' fits the filter; GET …/failures lists them`,
  );
}

/** Why a job may not be retried, if it may not (docs/decisions/0009-runs.md). */
function checkedTotals(job: Job): Totals {
  const { job: id, status, totals, plan } = job;
  const no = (why: string) => refusal('invalid-transition', `job '${id}' ${why}`);
  if (decideMove('retry', status).kind !== 'move') {
    const allowed = new Intl.ListFormat('en', { type: 'disjunction' }).format(TRANSITIONS.retry.from);
    throw no(`is ${status}; only a job that is ${allowed} can be retried`);
  }
  if (totals === undefined) throw no('failed before all its items were done; resubmit it instead');
  if (totals.failed === 0) throw no('has no failed items; there is nothing to retry');
  if (plan.outcomes === 'failures' && totals.skipped > 0) {
    throw no('skipped items of which it kept no outcomes (outcomes: failures); resubmit it instead');
  }
  if (generationsOf(job).length >= MAX_RUNS) throw no(`ran ${MAX_RUNS} times already; resubmit it instead`);
  return totals;
}

/** By the failures that are kept of the run: beyond 10,000 more may fit, and are retried too. */
async function countFailures(table: Table, job: Job, filter: RetryFilter): Promise<number> {
  const ids = filter.itemIds && new Set(filter.itemIds.map(shortened));
  const fits = ({ failureSource, code }: Failure) => {
    const item = itemOfSource(failureSource);
    if (item === undefined || (ids !== undefined && !ids.has(item))) return false;
    return filter.codes === undefined || filter.codes.includes(code);
  };
  let count = 0;
  let read = 0;
  let after: Readonly<Record<string, unknown>> | undefined;
  do {
    const page = await listFailures(table, job, { limit: MAX_FAILURE_ROWS - read, ...(after && { after }) });
    count += page.failures.filter(fits).length;
    read += page.failures.length;
    after = page.next;
  } while (after !== undefined && read < MAX_FAILURE_ROWS);
  return count;
}
