import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { pagePath } from '../../addresses.ts';
import { useApi } from '../../data/api.ts';
import { useLiveOptions } from '../../data/live.tsx';
import { formatCount } from '../../parts/format.ts';
import { Facts, Page, Panel } from '../../parts/page.tsx';
import { ErrorBox, Skeleton } from '../../parts/states.tsx';
import { useCan } from '../../session/session.tsx';
import { SettingsPanel } from './settings-panel.tsx';
import { SlotsBar } from './slots-bar.tsx';
import { UploadsPanel } from './uploads-panel.tsx';

/** The request visits every job of the partition, so it is not sent often. */
const STATS_MILLIS = 15_000;

/** Slots, settings and uploads of a partition. */
export function PartitionPage() {
  const api = useApi();
  const isAdmin = useCan('admin');
  return (
    <Page title={`Partition ${api.partitionId}`}>
      <JobsPanel />
      {isAdmin ? <SettingsPanel /> : null}
      <UploadsPanel />
    </Page>
  );
}

function JobsPanel() {
  const api = useApi();
  const isAdmin = useCan('admin');
  const stats = useQuery({
    queryKey: ['job-stats', api.partitionId],
    queryFn: ({ signal }) => api.jobStats({ signal }),
    ...useLiveOptions(STATS_MILLIS),
  });
  if (stats.isError) return <ErrorBox error={stats.error} onRetry={() => stats.refetch()} />;
  const { byStatus } = stats.data ?? {};
  const jobs = (name: string, count: number | undefined, search: string) =>
    count === undefined ? (
      <Skeleton />
    ) : (
      <Link
        href={`${pagePath(api.partitionId, 'jobs')}?${new URLSearchParams({ q: search })}`}
        aria-label={`${name}: ${count}`}
      >
        {formatCount(count)}
      </Link>
    );
  return (
    <Panel title="Jobs">
      {isAdmin ? <SlotsBar /> : null}
      <Facts
        facts={{
          Running: jobs('Running', byStatus?.['Active'], 'status:active'),
          Waiting: jobs('Waiting', byStatus?.['Waiting'], 'status:waiting'),
          Paused: jobs('Paused', byStatus?.['Paused'], 'status:paused'),
          Blocked: jobs('Blocked', byStatus?.['Blocked'], 'status:blocked'),
          All: stats.data === undefined ? <Skeleton /> : formatCount(stats.data.total),
        }}
      />
    </Panel>
  );
}
