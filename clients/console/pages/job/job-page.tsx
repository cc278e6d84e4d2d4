import type { Job, JobHandle } from 'jobtree/client';
import { NotFoundError } from 'jobtree/client';
import { Link } from 'wouter';
import { pagePath } from '../../addresses.ts';
import { useQueryState } from '../../data/route.ts';
import { useTitle } from '../../parts/page.tsx';
import { Empty, ErrorBox, Skeleton } from '../../parts/states.tsx';
import { type Tab, Tabs } from '../../parts/tabs.tsx';
import { CostTab } from './cost-tab.tsx';
import { FailuresTab } from './failures-tab.tsx';
import { HistoryTab } from './history-tab.tsx';
import { ItemDialog } from './item-dialog.tsx';
import { ItemsTab } from './items-tab.tsx';
import { JobHeader } from './job-header.tsx';
import { ProgressTab } from './progress-tab.tsx';
import { RequestTab } from './request-tab.tsx';
import { useJob, useJobHandle } from './use-job.ts';

const TABS = ['progress', 'failures', 'items', 'history', 'cost', 'request'] as const;
type TabId = (typeof TABS)[number];

export function JobPage() {
  const handle = useJobHandle();
  const { data: job, error, refetch } = useJob(handle);
  useTitle(handle.id);
  if (job !== undefined) return <JobView job={job} handle={handle} />;
  if (error instanceof NotFoundError) return <NoJob handle={handle} />;
  if (error !== null) return <ErrorBox error={error} onRetry={() => refetch()} />;
  return <JobSkeleton id={handle.id} />;
}

function JobView({ job, handle }: { job: Job; handle: JobHandle }) {
  const [query, change] = useQueryState();
  const selected = TABS.find((tab) => tab === query.get('tab')) ?? 'progress';
  const item = query.get('item');
  const tabs: readonly Tab<TabId>[] = [
    { id: 'progress', label: 'Progress' },
    { id: 'failures', label: 'Failures', count: job.items.failed },
    { id: 'items', label: 'Items', count: job.items.found },
    { id: 'history', label: 'History' },
    { id: 'cost', label: 'Cost' },
    { id: 'request', label: 'Request' },
  ];
  const parts = { job, handle };
  return (
    <div className="page">
      <JobHeader {...parts} />
      <Tabs
        label="Details of the job"
        tabs={tabs}
        selected={selected}
        onSelect={(tab) => change({ tab: tab === 'progress' ? undefined : tab })}
      >
        {selected === 'progress' ? <ProgressTab {...parts} /> : null}
        {selected === 'failures' ? <FailuresTab {...parts} /> : null}
        {selected === 'items' ? <ItemsTab {...parts} /> : null}
        {selected === 'history' ? <HistoryTab {...parts} /> : null}
        {selected === 'cost' ? <CostTab {...parts} /> : null}
        {selected === 'request' ? <RequestTab {...parts} /> : null}
      </Tabs>
      {item === null ? null : (
        <ItemDialog key={item} handle={handle} id={item} onClose={() => change({ item: undefined })} />
      )}
    </div>
  );
}

function NoJob({ handle: { partition, id } }: { handle: JobHandle }) {
  return (
    <div className="page">
      <Empty title={`The partition ${partition} does not have the job '${id}'`}>
        It may have been deleted, or its retention has ended.{' '}
        <Link href={pagePath(partition, 'jobs')}>All jobs</Link>
      </Empty>
    </div>
  );
}

/** Has the size of the header, so that nothing moves when the job arrives. */
function JobSkeleton({ id }: { id: string }) {
  return (
    <div className="page" aria-busy="true">
      <header className="page-head">
        <h1>{id}</h1>
      </header>
      <div className="job-skeleton">
        <Skeleton lines={2} />
      </div>
      <Skeleton lines={6} height="row" />
    </div>
  );
}
