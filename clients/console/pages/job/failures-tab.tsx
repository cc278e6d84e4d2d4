import { useQuery } from '@tanstack/react-query';
import type { FailureGroup, Job, JobHandle } from 'jobtree/client';
import { useState } from 'react';
import { Empty, ErrorBox, Skeleton } from '../../parts/states.tsx';
import { FailureGroupPanel } from './failure-group.tsx';
import { RetryDialog, type RetryScope } from './retry-dialog.tsx';
import { jobKey, useDetailOptions } from './use-job.ts';

const MAX_GROUPS = 100;

/** Failures by their cause, the largest group first. */
export function FailuresTab({ job, handle }: { job: Job; handle: JobHandle }) {
  const [scope, setScope] = useState<RetryScope>();
  const groups = useQuery({
    queryKey: jobKey(handle, 'failure-groups', job.run),
    queryFn: ({ signal }) => handle.failureGroups({ limit: MAX_GROUPS, signal }).toArray(),
    ...useDetailOptions(job),
  });
  if (groups.isError) return <ErrorBox error={groups.error} onRetry={() => groups.refetch()} />;
  if (groups.data === undefined) return <Skeleton lines={3} height="row" />;
  if (groups.data.length === 0) return <Empty title="No failures">{emptyText(job)}</Empty>;
  return (
    <>
      {groups.data.map((group, at) => (
        <FailureGroupPanel
          key={group.fingerprint}
          job={job}
          handle={handle}
          group={group}
          isOnlyOfCode={isOnlyOfCode(group, groups.data)}
          isOpenAtFirst={at === 0}
          onRetry={setScope}
        />
      ))}
      {scope === undefined ? null : (
        <RetryDialog handle={handle} scope={scope} onClose={() => setScope(undefined)} />
      )}
    </>
  );
}

function emptyText({ items, status }: Job): string {
  return items.found === 0 ? `The job is ${status} and has no items.` : 'No item has failed so far.';
}

/** A retry can select by code; groups that share one are selected by their items. */
function isOnlyOfCode({ code }: FailureGroup, groups: readonly FailureGroup[]): boolean {
  return groups.filter((group) => group.code === code).length === 1;
}
