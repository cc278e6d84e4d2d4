/** Bulk actions. A request changes as many jobs as it can; the rest is changed in the background. */
import {
  type BulkAnswer,
  type BulkOperationView,
  type BulkVerb,
  bulkPath,
  withCountName,
} from '#contract/bulk-view.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import {
  type BulkOperation,
  type BulkWork,
  continueInBackground,
  isApplicable,
  readBulk,
  runBulk,
} from '../../store/bulk.ts';
import { walkJobs } from '../../store/job-search.ts';
import { criteriaOf, WALK_MILLIS, withinRequest } from '../lists/criteria.ts';
import { noSuchBulkOperation } from '../missing.ts';
import type { ApiPorts, ApiRequest, ApiResponse, OperationHandler } from '../request.ts';

/** Maximum number of jobs that one request changes. */
const MAX_JOBS_IN_REQUEST = 1_000;

type BulkRequest = ApiRequest<'cancelJobs' | 'deleteJobs' | 'pauseJobs' | 'resumeJobs' | 'retryJobs'>;

async function bulkJobs<V extends BulkVerb>(
  verb: V,
  request: BulkRequest,
  ports: ApiPorts,
): Promise<ApiResponse<BulkAnswer<V>>> {
  const { table, clock, random } = ports;
  const { p: partition } = request.parameters;
  const startedAt = clock.now();
  const criteria = criteriaOf(request.query);
  const work = { partition, verb, criteria, createTime: startedAt, createdBy: request.caller.sub };
  if (request.query.dryRun) {
    return { status: 200, body: { ...withCountName(verb, await countMatching(work, ports)), dryRun: true } };
  }
  const firstRun = await runBulk(table, work, {
    maxJobs: MAX_JOBS_IN_REQUEST,
    maxExamined: Number.POSITIVE_INFINITY,
    now: () => clock.now(),
    isTimeUp: () => clock.now() - startedAt > WALK_MILLIS,
  });
  if (firstRun.failure !== undefined) throw firstRun.failure.cause;
  if (firstRun.isDone) return { status: 200, body: withCountName(verb, firstRun.done) };
  const operation = await continueInBackground(table, work, {
    ...firstRun,
    id: random.id(),
    now: clock.now(),
  });
  return {
    status: 202,
    body: { ...withCountName(verb, firstRun.done), bulkOperation: bulkOperationView(operation) },
    headers: { Location: request.reference(bulkPath(partition, operation.id)) },
  };
}

async function countMatching(work: BulkWork, { table, clock }: ApiPorts): Promise<number> {
  const { partition, criteria } = work;
  let count = 0;
  for await (const { found } of withinRequest(walkJobs(table, partition, { criteria }), clock)) {
    count += found.filter(({ job }) => isApplicable(work, job)).length;
  }
  return count;
}

/** Names the criteria like the parameters of the query. */
function bulkOperationView(operation: BulkOperation): BulkOperationView {
  const { partition, id, verb, status, done, examined, criteria, createTime, lastUpdateTime } = operation;
  const { jobIdStartsWith, labelExist, filter, includeHidden } = criteria;
  const shownCriteria: BulkOperationView['criteria'] = {
    ...omitUndefined({ jobIdStartsWith, labelExist: labelExist?.join(','), filter }),
    ...(includeHidden ? { includeHidden } : {}),
  };
  return {
    id,
    verb,
    status,
    ...withCountName(verb, done),
    jobsExamined: examined,
    criteria: shownCriteria,
    createTime,
    lastUpdateTime,
    ...omitUndefined({ endTime: operation.endTime }),
    createdBy: operation.createdBy,
    links: { self: bulkPath(partition, id) },
  };
}

export const cancelJobs: OperationHandler<'cancelJobs'> = (request, ports) =>
  bulkJobs('cancel', request, ports);

export const deleteJobs: OperationHandler<'deleteJobs'> = (request, ports) =>
  bulkJobs('delete', request, ports);

export const pauseJobs: OperationHandler<'pauseJobs'> = (request, ports) => bulkJobs('pause', request, ports);

export const resumeJobs: OperationHandler<'resumeJobs'> = (request, ports) =>
  bulkJobs('resume', request, ports);

export const retryJobs: OperationHandler<'retryJobs'> = (request, ports) => bulkJobs('retry', request, ports);

/** Form of the ids that the service creates. Another id could form a key that the table refuses. */
const ID = /^[0-9a-zA-Z]{1,64}$/;

export const getBulkOperation: OperationHandler<'getBulkOperation'> = async ({ parameters }, { table }) => {
  const { p, b } = parameters;
  const operation = ID.test(b) ? await readBulk(table, p, b) : undefined;
  if (operation === undefined) throw noSuchBulkOperation(p, b);
  return { status: 200, body: bulkOperationView(operation) };
};
