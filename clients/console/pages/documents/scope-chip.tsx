import { Chip } from '../../parts/status.tsx';
import type { DocumentSummary } from './kinds.ts';

/** The owner of a document: the partition, all partitions, or the deployment. */
export function ScopeChip({ scope, deployed }: Pick<DocumentSummary, 'scope' | 'deployed'>) {
  if (scope === 'partition')
    return (
      <Chip tone="busy" icon="partition">
        this partition
      </Chip>
    );
  return (
    <Chip tone="idle" icon={deployed ? 'blocked' : 'system'}>
      {deployed ? 'deployed' : 'global'}
    </Chip>
  );
}
