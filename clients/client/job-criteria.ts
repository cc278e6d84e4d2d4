/** Selects jobs: the query parameters of lists, statistics and bulk actions. */
import type { QueryValue } from './transport.ts';
import type { JobStatus, JobStatusType } from './types.ts';

export interface JobCriteria {
  readonly jobIdStartsWith?: string | undefined;
  /** Label keys; selects jobs that have any of them. */
  readonly labelExist?: string | readonly string[] | undefined;
  /** Labels with exactly these values; selects jobs that have all of them. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** RSQL expression, for example `status==Active;items.failed>0`. */
  readonly filter?: string | undefined;
  readonly includeHidden?: boolean | undefined;
}

export interface JobQuery extends JobCriteria {
  readonly status?: JobStatus | readonly JobStatus[] | undefined;
  readonly statusType?: JobStatusType | undefined;
}

export type Query = Readonly<Record<string, QueryValue>>;

export function queryOf(criteria: JobQuery): Query {
  const { jobIdStartsWith, labelExist, includeHidden, status, statusType } = criteria;
  return {
    jobIdStartsWith,
    labelExist: typeof labelExist === 'object' ? labelExist.join(',') : labelExist,
    filter: filterOf(criteria),
    includeHidden,
    status: typeof status === 'string' ? [status] : status,
    statusType,
  };
}

/** Joins the filter and the labels to one RSQL expression. */
function filterOf({ filter, labels = {} }: JobCriteria): string | undefined {
  const comparisons = Object.entries(labels).map(([key, value]) => `labels.${key}=in=(${quoted(value)})`);
  if (comparisons.length === 0) return filter;
  return [...(filter === undefined ? [] : [`(${filter})`]), ...comparisons].join(';');
}

/** Quotes a value for a filter. With `=in=`, an asterisk is not a wildcard. */
export function quoted(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}
