import { formatCount, plural } from '../../parts/format.ts';
import type { useJobCount } from './use-job-search.ts';

/** The number of jobs. A long list is counted on demand, because every job has to be read for it. */
export function JobCount({ count }: { count: ReturnType<typeof useJobCount> }) {
  const { total, atLeast, isCounting, isFailed, start } = count;
  if (total !== undefined) return <span className="muted">{plural(total, 'job')}</span>;
  if (atLeast === undefined) return null;
  const shown = `more than ${formatCount(atLeast)} jobs`;
  if (isFailed) return <span className="muted">{shown}, too many to count</span>;
  return (
    <span className="muted">
      {shown}{' '}
      <button type="button" className="item-link" disabled={isCounting} onClick={start}>
        {isCounting ? 'counting' : 'count'}
      </button>
    </span>
  );
}
