import type { Item } from 'jobtree/client';
import { useQueryState } from '../../data/route.ts';
import { plural } from '../../parts/format.ts';
import type { Column } from '../../parts/table.tsx';
import { OutcomeChip } from './outcome-chip.tsx';

export const ITEM_COLUMNS: readonly Column<Item>[] = [
  { id: 'id', label: 'Item', width: 'minmax(0, 1fr)', render: ({ id }) => <ItemLink id={id} /> },
  {
    id: 'outcome',
    label: 'Outcome',
    width: '112px',
    render: ({ outcome }) => <OutcomeChip outcome={outcome} />,
  },
  {
    id: 'attempts',
    label: 'Attempts',
    width: '72px',
    from: 'medium',
    isNumber: true,
    render: ({ attempts }) => attempts,
  },
  {
    id: 'answer',
    label: 'Answer or error',
    width: 'minmax(0, 2fr)',
    from: 'medium',
    render: (item) => <span className="mono">{answerOf(item)}</span>,
  },
  {
    id: 'files',
    label: 'Files',
    width: '72px',
    from: 'wide',
    render: ({ parts = [] }) => (parts.length === 0 ? '' : plural(parts.length, 'file')),
  },
];

function ItemLink({ id }: { id: string }) {
  const [, change] = useQueryState();
  return (
    <button type="button" className="item-link" onClick={() => change({ item: id })}>
      {id}
    </button>
  );
}

const MAX_SHOWN = 300;

function answerOf({ failure, output }: Item): string {
  if (failure !== undefined) return `${failure.code}: ${failure.failureMessage}`;
  return output === undefined ? '' : (JSON.stringify(output) ?? '').slice(0, MAX_SHOWN);
}
