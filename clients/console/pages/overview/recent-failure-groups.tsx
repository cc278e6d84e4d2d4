import type { ReactNode } from 'react';
import { ErrorBox, Skeleton } from '../../parts/states.tsx';
import { TopFailures } from './top-failures.tsx';
import type { Group } from './totals.ts';
import { useActivity } from './use-activity.ts';

export const RECENT_HOURS = 24;

interface RecentFailureGroups {
  /** Returns the groups to show. */
  readonly select: (groups: readonly Group[]) => readonly Group[];
  /** Shown if there are none. @default - that no item has failed */
  readonly empty?: ReactNode;
}

/** Groups of the failures of the last day, each with a retry of its items. */
export function RecentFailureGroups({ select, empty }: RecentFailureGroups) {
  const { data, error, refetch } = useActivity(RECENT_HOURS);
  if (data === undefined) {
    return error === null ? <Skeleton lines={2} /> : <ErrorBox error={error} onRetry={() => refetch()} />;
  }
  const groups = select(data.failureGroups);
  return groups.length === 0 && empty !== undefined ? empty : <TopFailures groups={groups} scope="" />;
}
