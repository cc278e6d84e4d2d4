import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useApi } from '../../data/api.ts';
import { useLiveOptions } from '../../data/live.tsx';
import { Page, Panel } from '../../parts/page.tsx';
import { Empty, ErrorBox, Skeleton } from '../../parts/states.tsx';
import { HOURS, PeriodChoice, usePeriod } from './period.tsx';
import { StatTiles } from './stat-tiles.tsx';
import { TopFailures } from './top-failures.tsx';
import { periodText, scopeText } from './totals.ts';
import { useActivity } from './use-activity.ts';

const Throughput = lazy(() => import('./throughput.tsx').then((part) => ({ default: part.Throughput })));

/** The request visits every job of the partition, so it is not sent often. */
const STATS_MILLIS = 15_000;
const COMMAND = 'npx jobtree run documents.csv --splitter lines --worker rehearse --watch';

/** The start page of a partition: what runs, what waits, what went wrong, how fast and for how much. */
export function OverviewPage() {
  const api = useApi();
  const [hours, setHours] = usePeriod();
  const stats = useQuery({
    queryKey: ['job-stats', api.partitionId],
    queryFn: ({ signal }) => api.jobStats({ signal }),
    ...useLiveOptions(STATS_MILLIS),
  });
  const activity = useActivity(hours);
  const day = useActivity(HOURS.day);
  const isEmpty = stats.data?.total === 0 && activity.data?.jobsRead === 0;
  return (
    <Page title="Overview">
      {stats.isError ? <ErrorBox error={stats.error} onRetry={() => stats.refetch()} /> : null}
      {stats.isLoadingError ? null : <StatTiles stats={stats.data} day={day.data} />}
      {isEmpty ? (
        <div className="panel">
          <Empty title="No jobs yet" command={COMMAND}>
            This page shows the work of the partition once it has some. Run the first job from the command
            line:
          </Empty>
        </div>
      ) : (
        <>
          {activity.isError ? (
            <ErrorBox error={activity.error} onRetry={() => activity.refetch()} />
          ) : (
            <Panel title="Items a minute" actions={<PeriodChoice hours={hours} onChoose={setHours} />}>
              {activity.data === undefined ? (
                <ChartSkeleton />
              ) : (
                <Suspense fallback={<ChartSkeleton />}>
                  <Throughput activity={activity.data} hours={hours} />
                </Suspense>
              )}
              <p className="muted overview-note">
                Estimated{scopeText(activity.data)}: the items of a job are spread evenly over its time.
              </p>
            </Panel>
          )}
          {activity.isError ? null : (
            <Panel
              title="Failures by cause"
              actions={<span className="muted">in the last {hours === 1 ? 'hour' : periodText(hours)}</span>}
            >
              {activity.data === undefined ? (
                <Skeleton lines={3} height="row" />
              ) : (
                <TopFailures groups={activity.data.failureGroups} scope={scopeText(activity.data)} />
              )}
            </Panel>
          )}
        </>
      )}
    </Page>
  );
}

function ChartSkeleton() {
  return (
    <div className="throughput-skeleton">
      <Skeleton />
    </div>
  );
}
