import type { Queue, Worker } from 'jobtree/client';
import { useMemo } from 'react';
import { useQueues } from '../../data/queues.ts';
import { formatCount } from '../../parts/format.ts';
import { Page } from '../../parts/page.tsx';
import type { Column } from '../../parts/table.tsx';
import { RegisteredTable } from './registered-table.tsx';
import { useWorkers } from './use-registry.ts';
import { queueOf } from './worker-queue.tsx';

export function WorkersPage() {
  const { data: queues } = useQueues();
  const columns = useMemo(() => queueColumns(queues), [queues]);
  return (
    <Page
      title="Workers"
      isFull
      lead="A worker does the work of items. Jobs and steps of templates name one."
    >
      <RegisteredTable kind="workers" query={useWorkers()} more={columns} />
    </Page>
  );
}

function queueColumns(queues: readonly Queue[] | undefined): Column<Worker>[] {
  const column = (id: 'waiting' | 'inFlight' | 'delayed' | 'deadLetters', label: string): Column<Worker> => ({
    id,
    label,
    width: '92px',
    from: id === 'waiting' ? 'narrow' : 'wide',
    isNumber: true,
    render: ({ name }) => {
      const count = queueOf(queues, name)?.[id];
      return count === undefined ? <span className="muted">–</span> : formatCount(count);
    },
  });
  return [
    column('waiting', 'Waiting'),
    column('inFlight', 'In flight'),
    column('delayed', 'Delayed'),
    column('deadLetters', 'Dead letters'),
  ];
}
