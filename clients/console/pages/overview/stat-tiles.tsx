import type { Activity, JobStats } from 'jobtree/client';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { pagePath } from '../../addresses.ts';
import { usePartition } from '../../data/route.ts';
import { formatCount, formatDollars, formatRate, plural } from '../../parts/format.ts';
import { Icon, type IconName } from '../../parts/icons.tsx';
import { Skeleton } from '../../parts/states.tsx';
import type { Tone } from '../../parts/status.tsx';
import { Duration } from '../../parts/time.tsx';
import { costToday, scopeText } from './totals.ts';

interface TileProps {
  readonly label: string;
  readonly icon: IconName;
  /** Colour of the icon while the number is not zero. */
  readonly tone: Tone;
  readonly value: string | undefined;
  readonly isZero: boolean;
  /** Search of the list of jobs that the number opens. */
  readonly search?: string;
  readonly sort?: string;
  readonly children: ReactNode;
}

/** The numbers of the partition. Each opens the jobs that it counts. */
export function StatTiles({ stats, day }: { stats: JobStats | undefined; day: Activity | undefined }) {
  const { Waiting = 0, Active = 0, Paused = 0, Blocked = 0 } = stats?.byStatus ?? {};
  const { withFailures = 0, stuck = 0, total = 0, itemsPerMinute = 0 } = stats ?? {};
  const shown = (value: number) => stats && formatCount(value);
  const still = [
    Paused === 0 ? '' : `${formatCount(Paused)} paused`,
    Blocked === 0 ? '' : `${formatCount(Blocked)} blocked`,
  ].filter((text) => text !== '');
  const dollars = day && costToday(day);
  return (
    <ul className="stat-tiles">
      <Tile
        label="Active"
        icon="active"
        tone="busy"
        value={shown(Active)}
        isZero={Active === 0}
        search="status:active"
      >
        {formatRate(itemsPerMinute)} items a minute
        {still.length === 0 ? null : ` · ${still.join(' · ')}`}
      </Tile>
      <Tile
        label="Waiting"
        icon="waiting"
        tone="busy"
        value={shown(Waiting)}
        isZero={Waiting === 0}
        search="status:waiting"
        sort="createTime:asc"
      >
        {stats?.oldestWaiting ? <OldestWaiting {...stats.oldestWaiting} /> : 'no job waits'}
      </Tile>
      <Tile
        label="With failures"
        icon="failed"
        tone="bad"
        value={shown(withFailures)}
        isZero={withFailures === 0}
        search="(status==Failed,items.failed>0)"
      >
        of {plural(total, 'job')}
      </Tile>
      <Tile
        label="Stuck"
        icon="warning"
        tone="warn"
        value={shown(stuck)}
        isZero={stuck === 0}
        search="status:active"
        sort="startTime:asc"
      >
        no progress for 10 minutes
      </Tile>
      <Tile
        label="Cost today"
        icon="dollar"
        tone="idle"
        value={dollars === undefined ? undefined : formatDollars(dollars)}
        isZero
      >
        estimated{scopeText(day)}
      </Tile>
    </ul>
  );
}

function Tile({ label, icon, tone, value, isZero, search, sort, children }: TileProps) {
  const partition = usePartition();
  const query = new URLSearchParams({ ...(search && { q: search }), ...(sort && { sort }) });
  return (
    <li className={`stat-tile stat-${isZero ? 'idle' : tone}`}>
      <h2 className="stat-label">
        <Icon name={icon} />
        {search === undefined ? label : <Link href={`${pagePath(partition, 'jobs')}?${query}`}>{label}</Link>}
      </h2>
      <p className="stat-value">{value ?? <Skeleton />}</p>
      <p className="stat-more">{value === undefined ? <Skeleton /> : children}</p>
    </li>
  );
}

function OldestWaiting({ id, createTime }: { id: string; createTime: number }) {
  const partition = usePartition();
  return (
    <>
      oldest{' '}
      <Link className="stat-link" href={pagePath(partition, 'jobs', id)} title={id}>
        <Duration from={createTime} />
      </Link>
    </>
  );
}
