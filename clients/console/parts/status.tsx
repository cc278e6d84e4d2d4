import type { JobStatus } from 'jobtree/client';
import { Icon, type IconName } from './icons.tsx';

export type Tone = 'ok' | 'bad' | 'warn' | 'busy' | 'idle';

const STATUSES: Readonly<Record<JobStatus, readonly [Tone, IconName]>> = {
  Waiting: ['idle', 'waiting'],
  Active: ['busy', 'active'],
  Paused: ['warn', 'paused'],
  Blocked: ['warn', 'blocked'],
  Completed: ['ok', 'completed'],
  Failed: ['bad', 'failed'],
  Cancelled: ['idle', 'cancelled'],
  Expired: ['bad', 'expired'],
};

/** An icon, a word and a colour together. None of them carries the meaning alone. */
export function Chip({ tone, icon, children }: { tone: Tone; icon: IconName; children: string }) {
  return (
    <span className={`chip chip-${tone}`}>
      <Icon name={icon} />
      {children}
    </span>
  );
}

/** `failedItems` turns the mark of a Completed job into a warning. */
export function StatusChip({ status, failedItems = 0 }: { status: JobStatus; failedItems?: number }) {
  const [tone, icon] = STATUSES[status];
  if (status === 'Completed' && failedItems > 0)
    return (
      <Chip tone="warn" icon="warning">
        Completed
      </Chip>
    );
  return (
    <Chip tone={tone} icon={icon}>
      {status}
    </Chip>
  );
}
