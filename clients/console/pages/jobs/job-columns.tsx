import { isFinal, type Job } from 'jobtree/client';
import { Link } from 'wouter';
import { pagePath } from '../../addresses.ts';
import { usePartition } from '../../data/route.ts';
import { formatRate } from '../../parts/format.ts';
import { ItemsBar } from '../../parts/items-bar.tsx';
import { StatusChip } from '../../parts/status.tsx';
import type { Column } from '../../parts/table.tsx';
import { Time, TimeLeft } from '../../parts/time.tsx';
import { useWidth } from '../../parts/use-width.ts';

export const JOB_COLUMNS: readonly Column<Job>[] = [
  {
    id: 'job',
    label: 'Job',
    width: 'minmax(0, 1.4fr)',
    sortField: 'jobId',
    render: (job) => <JobLink job={job} />,
  },
  {
    id: 'status',
    label: 'Status',
    width: '112px',
    sortField: 'status',
    render: ({ status, items }) => <StatusChip status={status} failedItems={items.failed} />,
  },
  {
    id: 'items',
    label: 'Items',
    width: 'minmax(192px, 1.2fr)',
    from: 'medium',
    sortField: 'percentageComplete',
    render: ({ items, status }) => <ItemsBar items={items} isFinal={isFinal(status)} />,
  },
  {
    id: 'rate',
    label: 'Items/min',
    width: '84px',
    from: 'wide',
    isNumber: true,
    render: ({ itemsPerMinute: rate }) => (rate === undefined ? <None /> : formatRate(rate)),
  },
  {
    id: 'left',
    label: 'Time left',
    width: '84px',
    from: 'wide',
    isNumber: true,
    render: ({ estimatedEndTime }) =>
      estimatedEndTime === undefined ? <None /> : <TimeLeft until={estimatedEndTime} />,
  },
  {
    id: 'age',
    label: 'Created',
    width: '84px',
    from: 'medium',
    isNumber: true,
    sortField: 'createTime',
    render: ({ createTime }) => <Time at={createTime} />,
  },
  {
    id: 'creator',
    label: 'By',
    width: '84px',
    from: 'full',
    render: ({ createdBy }) => createdBy,
  },
  {
    id: 'labels',
    label: 'Labels',
    width: 'minmax(0, 0.8fr)',
    from: 'wide',
    render: ({ labels }) => <Labels labels={labels} />,
  },
];

/** Checkboxes; the one in the head selects all jobs that are loaded. */
export function selectionColumn(
  ids: readonly string[],
  selected: ReadonlySet<string>,
  onSelect: (ids: readonly string[], isSelected: boolean) => void,
): Column<Job> {
  const isAll = ids.length > 0 && ids.every((id) => selected.has(id));
  return {
    id: 'selection',
    label: 'Select',
    width: '20px',
    head: (
      <input
        type="checkbox"
        aria-label="Select all jobs in the list"
        checked={isAll}
        onChange={() => onSelect(ids, !isAll)}
      />
    ),
    render: ({ id }) => (
      <input
        type="checkbox"
        aria-label={`Select ${id}`}
        checked={selected.has(id)}
        onChange={(event) => onSelect([id], event.target.checked)}
      />
    ),
  };
}

function None() {
  return <span className="muted">–</span>;
}

function JobLink({ job: { id, name, items, status } }: { job: Job }) {
  const partition = usePartition();
  const width = useWidth();
  return (
    <span className="job-link">
      <Link className="truncate" href={pagePath(partition, 'jobs', id)}>
        {name ?? id}
      </Link>
      {width === 'narrow' ? (
        <ItemsBar items={items} isFinal={isFinal(status)} />
      ) : name === undefined ? null : (
        <span className="muted truncate">{id}</span>
      )}
    </span>
  );
}

function Labels({ labels }: { labels: Job['labels'] }) {
  return (
    <span className="labels">
      {Object.entries(labels).map(([key, value]) => (
        <span key={key} className="label-tag" title={`${key}: ${value}`}>
          {key}: {value}
        </span>
      ))}
    </span>
  );
}
