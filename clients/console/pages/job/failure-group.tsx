import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import type { Failure, FailureGroup, Job, JobHandle } from 'jobtree/client';
import { useMemo, useState } from 'react';
import { itemOfSource } from '../../../../functions/core/fingerprint.ts';
import { useQueryState } from '../../data/route.ts';
import { Button } from '../../parts/button.tsx';
import { formatCount, plural } from '../../parts/format.ts';
import { Icon } from '../../parts/icons.tsx';
import { CodeView } from '../../parts/json-view.tsx';
import { ErrorBox, Skeleton } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { useCan } from '../../session/session.tsx';
import { failuresOfGroup, itemsOfGroup, MAX_RETRIED } from './group-failures.ts';
import type { RetryScope } from './retry-dialog.tsx';
import { jobKey } from './use-job.ts';

interface FailureGroupProps {
  readonly job: Job;
  readonly handle: JobHandle;
  readonly group: FailureGroup;
  readonly isOnlyOfCode: boolean;
  readonly isOpenAtFirst: boolean;
  readonly onRetry: (scope: RetryScope) => void;
}

export function FailureGroupPanel(props: FailureGroupProps) {
  const { handle, group, job, isOpenAtFirst } = props;
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  const { count, code, message, lastTime, isAtLeast } = group;
  return (
    <section className="panel failure-group">
      <div className="failure-head">
        <button
          type="button"
          className="failure-toggle"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <span className={isOpen ? 'task-arrow task-open' : 'task-arrow'}>
            <Icon name="chevron" />
          </span>
          <strong className="failure-count">
            {formatCount(count)}
            {isAtLeast ? '+' : ''}
          </strong>
          <span className="failure-text">
            <code>{code}</code> <span>{message}</span>
          </span>
        </button>
        <span className="muted nowrap">
          last <Time at={lastTime} />
        </span>
        <RetryButton {...props} />
      </div>
      {isOpen ? (
        <>
          <Example failure={group.example} />
          <GroupItems handle={handle} group={group} run={job.run} />
        </>
      ) : null}
    </section>
  );
}

function RetryButton({ job, handle, group, isOnlyOfCode, onRetry }: FailureGroupProps) {
  const toasts = useToasts();
  const canAct =
    useCan('operator') &&
    (job.status === 'Completed' || job.status === 'Failed') &&
    itemOfSource(group.example.failureSource) !== undefined;
  const { code, count, example } = group;
  const collect = useMutation({
    mutationFn: () => itemsOfGroup(handle, group),
    onSuccess: (itemIds) =>
      onRetry({
        text: plural(itemIds.length, 'failed item'),
        filter: { itemIds },
        payload: example.payloadExcerpt,
      }),
    onError: toasts.fail,
  });
  if (!canAct) return null;
  const retry = () => {
    if (isOnlyOfCode)
      onRetry({
        text: `${plural(count, 'failed item')} with the code ${code}`,
        filter: { codes: [code] },
        payload: example.payloadExcerpt,
      });
    else collect.mutate();
  };
  return (
    <Button
      icon="retry"
      isBusy={collect.isPending}
      onClick={retry}
      title={isOnlyOfCode ? undefined : `Up to ${MAX_RETRIED} items of this group`}
    >
      Retry these
    </Button>
  );
}

/** One failure in full: payload, error and stack. */
function Example({ failure }: { failure: Failure }) {
  const { failureSource, failureMessage, failureTime, attempts, stack, payloadExcerpt } = failure;
  return (
    <div className="failure-example">
      <p>{failureMessage}</p>
      <p className="muted">
        {failureSource} · {plural(attempts, 'attempt')} · <Time at={failureTime} />
      </p>
      {payloadExcerpt === undefined ? null : (
        <div className="field">
          <span className="field-label">Payload</span>
          <CodeView text={payloadExcerpt} label="Payload" isJson />
        </div>
      )}
      {stack === undefined ? null : (
        <div className="field">
          <span className="field-label">Stack</span>
          <CodeView text={stack} label="Stack" />
        </div>
      )}
    </div>
  );
}

function GroupItems({ handle, group, run }: { handle: JobHandle; group: FailureGroup; run: number }) {
  const [, change] = useQueryState();
  const list = useInfiniteQuery({
    queryKey: jobKey(handle, 'group', group.fingerprint, run),
    queryFn: ({ pageParam, signal }) => failuresOfGroup(handle, group, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
  });
  const failures = useMemo(() => list.data?.pages.flatMap(({ entries }) => entries) ?? [], [list.data]);
  if (list.isError) return <ErrorBox error={list.error} onRetry={() => list.refetch()} />;
  return (
    <div className="group-items">
      <span className="field-label">Items</span>
      {list.isPending ? <Skeleton /> : null}
      {failures.map(({ failureId, failureSource }) => {
        const item = itemOfSource(failureSource);
        if (item === undefined) return <code key={failureId}>{failureSource}</code>;
        return (
          <button key={failureId} type="button" className="item-link" onClick={() => change({ item })}>
            {item}
          </button>
        );
      })}
      {list.hasNextPage ? (
        <Button
          kind="quiet"
          icon="down"
          isBusy={list.isFetchingNextPage}
          onClick={() => list.fetchNextPage()}
        >
          Show more
        </Button>
      ) : null}
    </div>
  );
}
