/** Converts the query of a request to search criteria, and limits searches to the time of a request. */
import { refusal } from '#contract/problem.ts';
import { labelKeysOf, STATUS_TYPES } from '#contract/queries.ts';
import type { QueryOf } from '#contract/routes.ts';
import type { JobStatus } from '#core/job-status.ts';
import type { Clock } from '#core/ports.ts';
import type { JobCriteria, WalkStep } from '../../store/job-search.ts';

type CriteriaQuery = Pick<
  QueryOf<'listJobs'>,
  'jobIdStartsWith' | 'labelExist' | 'filter' | 'includeHidden'
> &
  Partial<Pick<QueryOf<'listJobs'>, 'statusType' | 'status'>>;

export function criteriaOf(query: CriteriaQuery): JobCriteria {
  const { jobIdStartsWith, labelExist, filter, includeHidden } = query;
  return {
    jobIdStartsWith,
    labelExist: labelExist === undefined ? undefined : labelKeysOf(labelExist),
    filter,
    includeHidden,
    statuses: allowedStatuses(query),
  };
}

function allowedStatuses({ statusType = 'All', status }: CriteriaQuery): readonly JobStatus[] | undefined {
  if (statusType === 'All' && status === undefined) return undefined;
  const ofType: readonly JobStatus[] = STATUS_TYPES[statusType];
  return status === undefined ? ofType : ofType.filter((candidate) => status.includes(candidate));
}

/** True if every job of the partition matches, except hidden ones. */
export function isUnfiltered(criteria: JobCriteria): boolean {
  const { jobIdStartsWith, labelExist, filter, statuses } = criteria;
  return [jobIdStartsWith, labelExist, filter, statuses].every((criterion) => criterion === undefined);
}

/** Maximum time for which a request walks through a partition; shorter than the timeout of the gateway. */
export const WALK_MILLIS = 20_000;

/** Refuses a search that would end with a timeout. */
export async function* withinRequest(steps: AsyncIterable<WalkStep>, clock: Clock): AsyncGenerator<WalkStep> {
  const startedAt = clock.now();
  let examined = 0;
  for await (const step of steps) {
    yield step;
    examined += step.examined;
    if (step.next !== undefined && clock.now() - startedAt > WALK_MILLIS) {
      throw tooBroad(`the partition has more jobs than one request can search; ${examined} were searched`);
    }
  }
}

export function tooBroad(what: string) {
  return refusal('query-too-broad', `${what}; list them by createTime, page by page`);
}
