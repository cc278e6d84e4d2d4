import { Link } from 'wouter';
import { pagePath } from '../../addresses.ts';
import { Chip } from '../../parts/status.tsx';
import type { Column } from '../../parts/table.tsx';
import type { DocumentKind, DocumentSummary } from './kinds.ts';
import { ScopeChip } from './scope-chip.tsx';

export function documentColumns(kind: DocumentKind, partition: string): readonly Column<DocumentSummary>[] {
  const name: Column<DocumentSummary> = {
    id: 'name',
    label: 'Name',
    width: 'minmax(0, 2fr)',
    render: (document) => (
      <div className="document-name">
        <span>
          <Link href={pagePath(partition, kind.path, document.name)}>{document.name}</Link>
          {'enabled' in document && !document.enabled ? (
            <Chip tone="warn" icon="paused">
              disabled
            </Chip>
          ) : null}
        </span>
        <span className="muted truncate">{document.description}</span>
      </div>
    ),
  };
  const steps: Column<DocumentSummary> = {
    id: 'steps',
    label: 'Steps',
    from: 'wide',
    render: (document) => ('steps' in document ? document.steps.join(' · ') : ''),
  };
  const scope: Column<DocumentSummary> = {
    id: 'scope',
    label: 'Scope',
    width: '130px',
    render: (document) => <ScopeChip {...document} />,
  };
  const version: Column<DocumentSummary> = {
    id: 'version',
    label: 'Version',
    width: '90px',
    from: 'medium',
    isNumber: true,
    render: ({ version: text, deployed }) => (deployed ? '' : text),
  };
  return kind.path === 'templates' ? [name, steps, scope, version] : [name, scope, version];
}
