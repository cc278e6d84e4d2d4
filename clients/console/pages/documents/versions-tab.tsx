import { useState } from 'react';
import { useApiSchema } from '../../forms/use-api-schema.ts';
import { Button } from '../../parts/button.tsx';
import { JsonView } from '../../parts/json-view.tsx';
import { Panel } from '../../parts/page.tsx';
import { Empty, ErrorBox, Skeleton } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { useScopes, useVersions } from './document-data.ts';
import { bodyOf, type DocumentKind, type DocumentView, drawable } from './kinds.ts';
import { TemplateFlow } from './template-flow.tsx';

interface VersionsTabProps {
  readonly kind: DocumentKind;
  readonly document: DocumentView;
  readonly onRestore: (version: DocumentView) => void;
}

/** All versions, newest first. An older one can be opened, and saved again as the newest. */
export function VersionsTab({ kind, document, onRestore }: VersionsTabProps) {
  const versions = useVersions(kind, document.name, !document.deployed);
  const [opened, setOpened] = useState<string>();
  const canChange = useScopes().length > 0;
  if (document.deployed) {
    return (
      <Empty title="One version">
        It came with the deployment and changes only with another deployment: {document.version}.
      </Empty>
    );
  }
  if (versions.isError) return <ErrorBox error={versions.error} onRetry={() => versions.refetch()} />;
  if (versions.data === undefined) return <Skeleton lines={5} height="row" />;
  const shown = versions.data.find(({ version }) => version === opened) ?? versions.data[0];
  return (
    <div className="versions">
      <ul className="choices" aria-label="Versions">
        {versions.data.map(({ version, createTime, createdBy }) => (
          <li key={version}>
            <button
              type="button"
              aria-current={version === shown?.version ? 'true' : undefined}
              onClick={() => setOpened(version)}
            >
              <span>
                Version {version}
                {version === document.version ? ' (current)' : ''}
              </span>
              <span className="muted">
                {createdBy} {createTime === undefined ? null : <Time at={createTime} />}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {shown === undefined ? null : (
        <VersionPanel
          kind={kind}
          version={shown}
          onRestore={canChange && shown.version !== document.version ? () => onRestore(shown) : undefined}
        />
      )}
    </div>
  );
}

interface VersionPanelProps {
  readonly kind: DocumentKind;
  readonly version: DocumentView;
  readonly onRestore: (() => void) | undefined;
}

function VersionPanel({ kind, version, onRestore }: VersionPanelProps) {
  const { schema } = useApiSchema(kind.schemaName);
  const body = bodyOf(version, schema);
  const template = drawable(body);
  return (
    <Panel
      title={`Version ${version.version}`}
      actions={
        onRestore === undefined ? null : (
          <Button icon="retry" onClick={onRestore}>
            Edit from here
          </Button>
        )
      }
    >
      {template === undefined ? null : <TemplateFlow template={template} />}
      <JsonView value={body} label={`Version ${version.version}`} />
    </Panel>
  );
}
