import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Jobtree } from 'jobtree/client';
import { useApi } from '../../data/api.ts';
import { ConfirmDialog } from '../../parts/dialog.tsx';
import { plural } from '../../parts/format.ts';
import { ErrorBox } from '../../parts/states.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { itemsOfGroup, MAX_RETRIED } from '../job/group-failures.ts';
import type { Group } from './totals.ts';

const RETRIED_STATUSES = ['Completed', 'Failed'];

/** Runs the items of a group again, in each job that has ended. */
export function RetryGroupDialog({ group, onClose }: { group: Group; onClose: () => void }) {
  const api = useApi();
  const toasts = useToasts();
  const queries = useQueryClient();
  const ended = group.jobs.filter(({ status }) => RETRIED_STATUSES.includes(status));
  const others = group.jobs.length - ended.length;
  const retry = useMutation({
    mutationFn: () =>
      retryJobs(
        api,
        group,
        ended.map(({ id }) => id),
      ),
    onSuccess: ({ items, jobs }) => {
      toasts.say(`${plural(items, 'item')} of ${plural(jobs, 'job')} run again`);
      onClose();
    },
    onSettled: () => queries.invalidateQueries(),
  });
  return (
    <ConfirmDialog
      title="Retry these failures?"
      action={ended.length === 1 ? 'Retry in 1 job' : `Retry in ${ended.length} jobs`}
      canConfirm={ended.length > 0}
      isBusy={retry.isPending}
      onConfirm={() => retry.mutate()}
      onClose={onClose}
    >
      <p className="top-text">
        <code>{group.code}</code> {group.message}
      </p>
      <p>
        A new run starts in {plural(ended.length, 'job')}, with the items of each that failed for this cause,
        at most {plural(MAX_RETRIED, 'item')} of a job. What has succeeded is kept.
      </p>
      {others === 0 ? null : (
        <p className="muted">
          {plural(others, 'job')} with this cause {others === 1 ? 'is' : 'are'} left out: only jobs that are
          Completed or Failed can be retried.
        </p>
      )}
      {retry.isError ? <ErrorBox error={retry.error} /> : null}
    </ConfirmDialog>
  );
}

/** Retries job by job. Those before an error stay retried. */
async function retryJobs(
  api: Jobtree,
  group: Group,
  ids: readonly string[],
): Promise<{ items: number; jobs: number }> {
  const done = { items: 0, jobs: 0 };
  for (const id of ids) {
    const handle = api.job(id);
    const itemIds = await itemsOfGroup(handle, group);
    if (itemIds.length === 0) continue;
    const { itemsRetried } = await handle.retry({ filter: { itemIds } });
    done.items += itemsRetried;
    done.jobs += 1;
  }
  return done;
}
