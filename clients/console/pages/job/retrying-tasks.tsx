import type { JobHandle } from 'jobtree/client';
import { Button } from '../../parts/button.tsx';
import { formatCount } from '../../parts/format.ts';
import { Panel } from '../../parts/page.tsx';
import { ErrorBox, Skeleton } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { useRetried } from './task-queries.ts';

const SHOWN = 10;

/** The chunks that fail and are tried again: since when, with which error, and when next. */
export function RetryingTasks({ handle, count }: { handle: JobHandle; count: number }) {
  const { data, error, isFetching, refetch } = useRetried(handle);
  return (
    <Panel
      title={`Being retried (${formatCount(count)}), the longest first`}
      actions={
        <Button icon="retry" kind="quiet" isBusy={isFetching} onClick={() => refetch()}>
          Search again
        </Button>
      }
    >
      {error === null ? null : <ErrorBox error={error} />}
      {data === undefined ? <Skeleton lines={3} height="row" /> : null}
      <ul className="retried">
        {data?.tasks.slice(0, SHOWN).map(({ path, attempt, lastError, since, nextAttemptAt }) => (
          <li key={path}>
            <code>{path}</code>
            <span>
              attempt {attempt ?? 1}
              {since === undefined ? null : (
                <>
                  {' '}
                  · since <Time at={since} />
                </>
              )}
              {nextAttemptAt === undefined ? null : (
                <>
                  {' '}
                  · next <Time at={nextAttemptAt} />
                </>
              )}
            </span>
            <span className="retried-error">{lastError}</span>
          </li>
        ))}
      </ul>
      {data?.isComplete === false ? (
        <p className="muted">The tree is large; only its first part was searched.</p>
      ) : null}
    </Panel>
  );
}
