import type { Item } from 'jobtree/client';
import { Chip } from '../../parts/status.tsx';

const OUTCOMES = {
  succeeded: ['ok', 'completed'],
  failed: ['bad', 'failed'],
  skipped: ['idle', 'skipped'],
} as const;

export function OutcomeChip({ outcome }: { outcome: Item['outcome'] }) {
  const [tone, icon] = OUTCOMES[outcome];
  return (
    <Chip tone={tone} icon={icon}>
      {outcome}
    </Chip>
  );
}
