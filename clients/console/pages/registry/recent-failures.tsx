import { itemOfSource } from '../../../../functions/core/fingerprint.ts';
import { Panel } from '../../parts/page.tsx';
import { RECENT_HOURS, RecentFailureGroups } from '../overview/recent-failure-groups.tsx';
import type { Group } from '../overview/totals.ts';

/** Failures of items that a splitter found to be unusable. */
const SPLITTER_CODES = ['bad-record'];

interface Registered {
  readonly kind: 'workers' | 'splitters';
  readonly name: string;
}

/** Causes of the failures of the last day, in jobs of the partition that name this worker or splitter. */
export function RecentFailures({ kind, name }: Registered) {
  return (
    <Panel title={`Failures of the last ${RECENT_HOURS} hours`}>
      <RecentFailureGroups select={(groups) => groupsOf(groups, { kind, name })} />
      <p className="muted">In this partition, without jobs that run a template.</p>
    </Panel>
  );
}

/** Returns the groups with only the jobs that use it, the largest first. */
export function groupsOf(groups: readonly Group[], { kind, name }: Registered): Group[] {
  return groups
    .filter((group) => isOfSplitter(group) === (kind === 'splitters'))
    .map((group) => {
      const jobs = group.jobs.filter(({ splitter, workers = [] }) =>
        kind === 'workers' ? workers.includes(name) : splitter === name,
      );
      return { ...group, jobs, count: jobs.reduce((sum, { count }) => sum + count, 0) };
    })
    .filter(({ count }) => count > 0)
    .sort((one, other) => other.count - one.count);
}

/** Failures without an item are those of a batch or of the job as a whole. */
function isOfSplitter({ code, example }: Group): boolean {
  return SPLITTER_CODES.includes(code) || itemOfSource(example.failureSource) === undefined;
}
