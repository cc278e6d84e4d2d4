import { formatCount } from '../../parts/format.ts';
import { Skeleton } from '../../parts/states.tsx';
import { useSettings } from './use-settings.ts';

/** Slots in use, as a bar and in words. */
export function SlotsBar() {
  const { data } = useSettings();
  if (data === undefined) return <Skeleton />;
  const { activeJobs, maxActiveJobs, suspended } = data;
  const share = Math.min(100, (activeJobs / maxActiveJobs) * 100);
  return (
    <div className="items-bar items-bar-large">
      <svg className="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden>
        <rect className="bar-rest" width="100" height="4" />
        <rect className="slots-used" width={share} height="4" />
      </svg>
      <span className="items-text">
        {formatCount(activeJobs)} of {formatCount(maxActiveJobs)} slots in use
        {suspended ? ' · suspended: no further job starts' : ''}
      </span>
    </div>
  );
}
