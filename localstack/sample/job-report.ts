import type { FailureSummary } from '#contract/failure-view.ts';
import type { DocumentItem, FollowedJob } from './job-api.ts';

export interface JobOutcome {
  readonly job: FollowedJob;
  readonly items: readonly DocumentItem[];
  readonly failures: readonly FailureSummary[];
  readonly seconds: number;
}

/** The summary that `--once` prints in its last line, for scripts. */
export interface JobSummary {
  readonly job: string;
  readonly status: string;
  readonly items: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly seconds: number;
}

const LONGEST_SHOWN = 10;
const FAILURES_SHOWN = 10;
const NAME_WIDTH = 72;

export function jobSummary({ job, seconds }: Pick<JobOutcome, 'job' | 'seconds'>): JobSummary {
  const { found, succeeded, failed } = job.items;
  return {
    job: job.id,
    status: job.status,
    items: found,
    succeeded,
    failed,
    seconds: Number(seconds.toFixed(1)),
  };
}

/** Returns the table at the end of the sample job. `prefix` is removed from the items' ids. */
export function jobReport(outcome: JobOutcome, prefix: string): string {
  const { job, items, failures, seconds } = outcome;
  const { found, succeeded, failed } = job.items;
  const name = (id: string) => shorten(id.startsWith(prefix) ? id.slice(prefix.length) : id);
  return [
    `${job.id}: ${job.status} after ${seconds.toFixed(1)} s, ${(found / seconds).toFixed(1)} items/s`,
    `items ${found}   succeeded ${succeeded}   failed ${failed}`,
    '',
    ...section('longest documents', longest(items, name)),
    ...section(
      'languages',
      tally(items, ({ output }) => output?.language),
    ),
    ...section(
      'types',
      tally(items, ({ output }) => output?.type),
    ),
    ...section('failures', failureLines(items, name)),
    ...section('why the job failed', job.status === 'Failed' ? reasons(failures) : []),
  ].join('\n');
}

/**
 * Returns the errors in the counts of a finished sample job; empty if all are correct. Real documents may be
 * unreadable besides the intentionally broken one, but none may be lost or duplicated.
 */
export function findMistakes(
  { job, items, failures }: JobOutcome,
  expected: { documents: number; broken: string },
): string[] {
  const { found, succeeded, failed } = job.items;
  const failedItems = items.filter(({ outcome }) => outcome === 'failed');
  const distinctIds = new Set(items.map(({ id }) => id));
  const expectations: [string, unknown, unknown][] = [
    ['status of the job', job.status, 'Completed'],
    ['items found', found, expected.documents],
    ['items with an end', succeeded + failed, expected.documents],
    ['items listed', items.length, expected.documents],
    ['distinct items listed', distinctIds.size, expected.documents],
    ['items listed as failed', failedItems.length, failed],
    ['failures listed', failures.length, failed],
    [`outcome of ${expected.broken}`, items.find(({ id }) => id === expected.broken)?.outcome, 'failed'],
  ];
  return expectations
    .filter(([, actual, expected]) => actual !== expected)
    .map(([name, actual, expected]) => `${name}: ${actual}, expected ${expected}`);
}

function longest(items: readonly DocumentItem[], name: (id: string) => string): string[] {
  return [...items]
    .sort((a, b) => (b.output?.words ?? 0) - (a.output?.words ?? 0))
    .slice(0, LONGEST_SHOWN)
    .map(
      ({ id, output }) => `${name(id).padEnd(NAME_WIDTH)} ${String(output?.words ?? 0).padStart(8)} words`,
    );
}

function tally(items: readonly DocumentItem[], key: (item: DocumentItem) => string | undefined): string[] {
  const counts = new Map<string, number>();
  for (const item of items.filter(({ outcome }) => outcome === 'succeeded')) {
    const value = key(item) ?? 'unknown';
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([value, count]) => `${value.padEnd(NAME_WIDTH)} ${String(count).padStart(8)}`);
}

function failureLines(items: readonly DocumentItem[], name: (id: string) => string): string[] {
  const failed = items.filter(({ outcome }) => outcome === 'failed');
  const lines = failed
    .slice(0, FAILURES_SHOWN)
    .map(({ id, failure }) => `${name(id)}: ${failure?.failureMessage ?? 'no reason given'}`);
  const more = failed.length - lines.length;
  return more > 0 ? [...lines, `and ${more} more`] : lines;
}

function reasons(failures: readonly FailureSummary[]): string[] {
  return failures
    .slice(0, FAILURES_SHOWN)
    .map(({ failureSource, failureMessage }) => `${failureSource}: ${failureMessage}`);
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`), ''];
}

// Removes the beginning of a long path, because the end distinguishes documents.
function shorten(text: string): string {
  return text.length <= NAME_WIDTH ? text : `…${text.slice(1 - NAME_WIDTH)}`;
}
