import { useInfiniteQuery } from '@tanstack/react-query';
import type { Item, Job, JobHandle } from 'jobtree/client';
import { type FormEvent, useMemo, useState } from 'react';
import { useQueryState } from '../../data/route.ts';
import { Button } from '../../parts/button.tsx';
import { Empty, ErrorBox } from '../../parts/states.tsx';
import { Table } from '../../parts/table.tsx';
import { ITEM_COLUMNS } from './item-columns.tsx';
import { ResultFiles } from './result-files.tsx';
import { jobKey, useDetailOptions } from './use-job.ts';

const OUTCOMES = ['succeeded', 'failed', 'skipped'] as const satisfies readonly Item['outcome'][];

/** Items of the job: find one by its id, filter by outcome, look into each, and download files. */
export function ItemsTab({ job, handle }: { job: Job; handle: JobHandle }) {
  const [query, change] = useQueryState();
  const outcome = OUTCOMES.find((one) => one === query.get('outcome'));
  const list = useInfiniteQuery({
    queryKey: jobKey(handle, 'items', outcome, job.run),
    queryFn: ({ pageParam, signal }) => handle.items({ outcome, pageSize: 100 }).page(pageParam, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    placeholderData: (previous) => previous,
    ...useDetailOptions(job, 5_000),
  });
  const items = useMemo(() => list.data?.pages.flatMap(({ entries }) => entries) ?? [], [list.data]);
  const open = (item: string) => change({ item });
  return (
    <>
      <div className="items-head">
        <FindItem onFind={open} />
        <OutcomeFilter outcome={outcome} onChange={(next) => change({ outcome: next })} />
        <ResultFiles job={job} handle={handle} />
      </div>
      {list.error === null ? null : <ErrorBox error={list.error} onRetry={() => list.refetch()} />}
      {list.isSuccess && items.length === 0 ? (
        <Empty
          title={
            outcome === undefined
              ? 'No item is finished yet'
              : `No item ${outcome === 'failed' ? 'has failed' : `is ${outcome}`}`
          }
        >
          Items are listed when they have an outcome.
        </Empty>
      ) : (
        <div className="items-table">
          <Table
            label="Items"
            columns={ITEM_COLUMNS}
            rows={items}
            rowKey={({ id, path }) => `${path} ${id}`}
            isLoading={list.isPending}
            onOpen={({ id }) => open(id)}
            onEnd={list.hasNextPage && !list.isFetchingNextPage ? () => void list.fetchNextPage() : undefined}
          />
        </div>
      )}
    </>
  );
}

function FindItem({ onFind }: { onFind: (id: string) => void }) {
  const [id, setId] = useState('');
  const find = (event: FormEvent) => {
    event.preventDefault();
    if (id.trim() !== '') onFind(id.trim());
  };
  return (
    <form className="field-row find-item" onSubmit={find}>
      <input
        data-search
        aria-label="Id of an item"
        placeholder="Find an item by its id"
        value={id}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setId(event.target.value)}
      />
      <Button submits icon="search" disabled={id.trim() === ''}>
        Find
      </Button>
    </form>
  );
}

interface OutcomeFilterProps {
  readonly outcome: Item['outcome'] | undefined;
  readonly onChange: (outcome: Item['outcome'] | undefined) => void;
}

function OutcomeFilter({ outcome, onChange }: OutcomeFilterProps) {
  return (
    <fieldset className="views outcome-filter">
      <legend className="read-only">Outcome</legend>
      {[undefined, ...OUTCOMES].map((one) => (
        <button
          key={one ?? 'all'}
          type="button"
          className="view"
          aria-pressed={one === outcome}
          onClick={() => onChange(one)}
        >
          {one ?? 'all'}
        </button>
      ))}
    </fieldset>
  );
}
