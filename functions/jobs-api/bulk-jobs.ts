/** One verb on every job that matches: within the request as far as that goes, the rest in the background. */
import {
  type BulkAnswer,
  type BulkOperationView,
  type BulkVerb,
  bulkPath,
  counted,
} from '#contract/bulk-view.ts';
import { applies, type BulkOperation, type BulkWork, handOnBulk, runBulk } from '../store/bulk.ts';
import { walkJobs } from '../store/job-search.ts';
import { criteriaOf, WALK_MILLIS, withinRequest } from './lists/criteria.ts';
import type { ApiRequest, ApiResponse, ApiTools } from './request.ts';

/** Changed within the request. */
const MAX_JOBS_IN_REQUEST = 1_000;

type BulkRequest = ApiRequest<'cancelJobs' | 'deleteJobs' | 'pauseJobs' | 'resumeJobs' | 'retryJobs'>;

export async function bulkJobs<V extends BulkVerb>(
  verb: V,
  request: BulkRequest,
  tools: ApiTools,
): Promise<ApiResponse<BulkAnswer<V>>> {
  const { table, clock, random } = tools;
  const { p: partition } = request.parameters;
  const begin = clock.now();
  const criteria = criteriaOf(request.query);
  const work = { partition, verb, criteria, createTime: begin, createdBy: request.caller.sub };
  if (request.query.dryRun) {
    return { status: 200, body: { ...counted(verb, await countJobs(work, tools)), dryRun: true } };
  }
  const begun = await runBulk(table, work, {
    maxJobs: MAX_JOBS_IN_REQUEST,
    maxExamined: Number.POSITIVE_INFINITY,
    now: () => clock.now(),
    isOver: () => clock.now() - begin > WALK_MILLIS,
  });
  if (begun.failure !== undefined) throw begun.failure.cause;
  if (begun.isDone) return { status: 200, body: counted(verb, begun.done) };
  const operation = await handOnBulk(table, work, { ...begun, id: random.id(), now: clock.now() });
  return {
    status: 202,
    body: { ...counted(verb, begun.done), bulkOperation: bulkOperationView(operation) },
    headers: { Location: request.reference(bulkPath(partition, operation.id)) },
  };
}

async function countJobs(work: BulkWork, { table, clock }: ApiTools): Promise<number> {
  const { partition, criteria } = work;
  let count = 0;
  for await (const { found } of withinRequest(walkJobs(table, partition, { criteria }), clock)) {
    count += found.filter(({ job }) => applies(work, job)).length;
  }
  return count;
}

/** The criteria have the names of the query that they came from. */
export function bulkOperationView(operation: BulkOperation): BulkOperationView {
  const { partition, id, verb, status, done, examined, criteria, createTime, lastUpdateTime } = operation;
  const { jobIdStartsWith, labelExist, filter, includeHidden } = criteria;
  const asked: BulkOperationView['criteria'] = {
    ...(jobIdStartsWith === undefined ? {} : { jobIdStartsWith }),
    ...(labelExist === undefined ? {} : { labelExist: labelExist.join(',') }),
    ...(filter === undefined ? {} : { filter }),
    ...(includeHidden ? { includeHidden } : {}),
  };
  return {
    id,
    verb,
    status,
    ...counted(verb, done),
    jobsExamined: examined,
    criteria: asked,
    createTime,
    lastUpdateTime,
    ...(operation.endTime === undefined ? {} : { endTime: operation.endTime }),
    createdBy: operation.createdBy,
    links: { self: bulkPath(partition, id) },
  };
}
