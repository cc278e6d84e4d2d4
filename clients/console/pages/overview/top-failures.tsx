import { useState } from 'react';
import { Link } from 'wouter';
import { itemOfSource } from '../../../../functions/core/fingerprint.ts';
import { pagePath } from '../../addresses.ts';
import { usePartition } from '../../data/route.ts';
import { Button } from '../../parts/button.tsx';
import { formatCount } from '../../parts/format.ts';
import { Empty } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { useCan } from '../../session/session.tsx';
import { RetryGroupDialog } from './retry-group-dialog.tsx';
import type { Group } from './totals.ts';

const FIRST_GROUPS = 5;
const SHOWN_JOBS = 3;

/** The largest groups of failures over all jobs. */
export function TopFailures({ groups, scope }: { groups: readonly Group[]; scope: string }) {
  const [isLong, setLong] = useState(false);
  const [retried, setRetried] = useState<Group>();
  if (groups.length === 0) return <Empty title="No failures">No item has failed in this period.</Empty>;
  const shown = isLong ? groups : groups.slice(0, FIRST_GROUPS);
  return (
    <>
      <ul className="top-failures">
        {shown.map((group) => (
          <FailureRow key={group.fingerprint} group={group} onRetry={() => setRetried(group)} />
        ))}
      </ul>
      {shown.length === groups.length ? null : (
        <Button kind="quiet" icon="down" onClick={() => setLong(true)}>
          Show all {groups.length} causes
        </Button>
      )}
      {scope === '' ? null : <p className="muted overview-note">Counted{scope}.</p>}
      {retried === undefined ? null : (
        <RetryGroupDialog group={retried} onClose={() => setRetried(undefined)} />
      )}
    </>
  );
}

function FailureRow({ group, onRetry }: { group: Group; onRetry: () => void }) {
  const { count, isAtLeast, code, message, lastTime, example } = group;
  const canRetry = useCan('operator') && itemOfSource(example.failureSource) !== undefined;
  return (
    <li className="top-failure">
      <strong className="top-count">
        {formatCount(count)}
        {isAtLeast ? '+' : ''}
      </strong>
      <div className="top-text">
        <p>
          <code>{code}</code> {message}
        </p>
        <p className="muted">
          <JobLinks jobs={group.jobs} /> · <Time at={lastTime} />
        </p>
      </div>
      {canRetry ? (
        <Button icon="retry" onClick={onRetry}>
          Retry these
        </Button>
      ) : null}
    </li>
  );
}

function JobLinks({ jobs }: { jobs: Group['jobs'] }) {
  const partition = usePartition();
  const more = jobs.length - SHOWN_JOBS;
  return (
    <>
      {jobs.slice(0, SHOWN_JOBS).map(({ id }, at) => (
        <span key={id}>
          {at === 0 ? '' : ', '}
          <Link href={`${pagePath(partition, 'jobs', id)}?tab=failures`}>{id}</Link>
        </span>
      ))}
      {more > 0 ? ` and ${more} more` : null}
    </>
  );
}
