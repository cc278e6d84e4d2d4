import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { pagePath } from '../addresses.ts';
import { usePartition } from '../data/route.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Icon } from '../parts/icons.tsx';
import { useClaims } from '../session/session.tsx';
import { recentPartitions, rememberPartition } from './recent-partitions.ts';

/** Shows the partition of the page, and lists those that the token allows. */
export function PartitionSwitch() {
  const partition = usePartition();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => rememberPartition(partition), [partition]);
  return (
    <>
      <button type="button" className="partition" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <Icon name="partition" />
        <span className="partition-name">{partition}</span>
        <Icon name="down" />
      </button>
      {isOpen ? <PartitionDialog onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function PartitionDialog({ onClose }: { onClose: () => void }) {
  const { partitions } = useClaims();
  const current = usePartition();
  const [, navigate] = useLocation();
  const [name, setName] = useState('');
  const allowsAll = partitions.includes('*');
  const offered = allowsAll ? recentPartitions() : partitions;
  const choose = (partition: string) => {
    navigate(pagePath(partition, 'jobs'));
    onClose();
  };
  const submit = () => {
    if (name.trim() !== '') choose(name.trim());
  };
  return (
    <Dialog title="Partition" onClose={onClose} onSubmit={submit}>
      <ul className="choices">
        {offered.map((partition) => (
          <li key={partition}>
            <button
              type="button"
              aria-current={partition === current || undefined}
              onClick={() => choose(partition)}
            >
              {partition}
              {partition === current ? <Icon name="check" /> : null}
            </button>
          </li>
        ))}
      </ul>
      {allowsAll ? <OtherPartition name={name} onChange={setName} /> : null}
    </Dialog>
  );
}

/** Partitions exist without being created, so that a token for all of them cannot list them. */
export function OtherPartition({ name, onChange }: { name: string; onChange: (name: string) => void }) {
  return (
    <div className="field">
      <label htmlFor="other-partition">Another partition</label>
      <div className="field-row">
        <input
          id="other-partition"
          value={name}
          maxLength={40}
          autoComplete="off"
          onChange={(event) => onChange(event.target.value)}
        />
        <Button submits kind="primary" disabled={name.trim() === ''}>
          Open
        </Button>
      </div>
    </div>
  );
}
