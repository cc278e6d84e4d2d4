import { Link } from 'wouter';
import { pagePath } from '../../addresses.ts';
import { usePartition } from '../../data/route.ts';
import { Panel } from '../../parts/page.tsx';
import { RECENT_HOURS, RecentFailureGroups } from '../overview/recent-failure-groups.tsx';

/** Codes of the failures that the reader of dead letters creates. */
const CODES = ['poison', 'undeliverable', 'splitter-failed', 'message-lost'];

/** The dead letters of the last day that became failures, with their jobs and reasons, and a retry of their items. */
export function DeadLettersPanel() {
  const partition = usePartition();
  return (
    <Panel title={`Dead letters of ${partition} in the last ${RECENT_HOURS} hours`}>
      <RecentFailureGroups
        select={(groups) => groups.filter(({ code }) => CODES.includes(code))}
        empty={<p>No dead letter became a failure.</p>}
      />
      <p className="muted">
        The service handles each dead letter within minutes. It sends work that never started again. Other
        work fails with a reason: a retry of the items sends it again. A job with the code{' '}
        <code>splitter-failed</code> is retried as a whole. See all{' '}
        <Link href={`${pagePath(partition, 'jobs')}?q=${encodeURIComponent('failed>0')}`}>
          jobs with failures
        </Link>
        .
      </p>
    </Panel>
  );
}
