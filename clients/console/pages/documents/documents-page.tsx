import { useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { docsUrl, pagePath } from '../../addresses.ts';
import { usePartition, useQueryState } from '../../data/route.ts';
import { Button } from '../../parts/button.tsx';
import { Page } from '../../parts/page.tsx';
import { ErrorBox } from '../../parts/states.tsx';
import { Table } from '../../parts/table.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { documentColumns } from './document-columns.tsx';
import { useDocumentList, useScopes } from './document-data.ts';
import { DocumentEditor } from './document-editor.tsx';
import { type DocumentKind, JOB_TYPES, TEMPLATES } from './kinds.ts';
import { type ImportedDocument, readDocument } from './read-file.ts';

export function TemplatesPage() {
  return <DocumentsPage kind={TEMPLATES} />;
}

export function JobTypesPage() {
  return <DocumentsPage kind={JOB_TYPES} />;
}

function DocumentsPage({ kind }: { kind: DocumentKind }) {
  const [query, setQuery] = useQueryState();
  const [imported, setImported] = useState<ImportedDocument>();
  const canChange = useScopes().length > 0;
  const isNew = canChange && query.get('new') !== null;
  if (isNew) {
    return (
      <DocumentEditor
        kind={kind}
        name={imported?.name ?? ''}
        body={imported?.body ?? kind.example}
        current={undefined}
        onClose={() => {
          setImported(undefined);
          setQuery({ new: undefined });
        }}
      />
    );
  }
  return (
    <DocumentList
      kind={kind}
      onNew={() => setQuery({ new: '1' })}
      onImport={(document) => {
        setImported(document);
        setQuery({ new: '1' });
      }}
    />
  );
}

interface DocumentListProps {
  readonly kind: DocumentKind;
  readonly onNew: () => void;
  readonly onImport: (document: ImportedDocument) => void;
}

function DocumentList({ kind, onNew, onImport }: DocumentListProps) {
  const list = useDocumentList(kind);
  const canChange = useScopes().length > 0;
  const partition = usePartition();
  const [, navigate] = useLocation();
  const columns = useMemo(() => documentColumns(kind, partition), [kind, partition]);
  const rows = list.data ?? [];
  return (
    <Page
      title={kind.title}
      isFull
      lead={
        <>
          {kind.lead}{' '}
          <a href={docsUrl(kind.docs)} target="_blank" rel="noreferrer">
            Docs
          </a>
        </>
      }
      actions={
        canChange ? (
          <>
            <ImportButton onImport={onImport} />
            <Button kind="primary" icon="plus" onClick={onNew}>
              New {kind.noun}
            </Button>
          </>
        ) : null
      }
    >
      {list.error === null ? null : <ErrorBox error={list.error} onRetry={() => list.refetch()} />}
      {list.isSuccess && rows.length === 0 ? (
        <NoDocuments kind={kind} canChange={canChange} />
      ) : (
        <Table
          label={kind.title}
          columns={columns}
          rows={rows}
          rowKey={({ name }) => name}
          isLoading={list.isPending}
          onOpen={({ name }) => navigate(pagePath(partition, kind.path, name))}
          rowHeight={52}
        />
      )}
    </Page>
  );
}

function ImportButton({ onImport }: Pick<DocumentListProps, 'onImport'>) {
  const input = useRef<HTMLInputElement>(null);
  const toasts = useToasts();
  return (
    <>
      <Button icon="upload" onClick={() => input.current?.click()}>
        Import
      </Button>
      <input
        ref={input}
        type="file"
        accept=".json,.yaml,.yml"
        className="read-only"
        tabIndex={-1}
        aria-label="File to import"
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          target.value = '';
          if (file !== undefined) readDocument(file).then(onImport, toasts.fail);
        }}
      />
    </>
  );
}

function NoDocuments({ kind, canChange }: { kind: DocumentKind; canChange: boolean }) {
  return (
    <div className="empty">
      <h3>No {kind.noun} yet</h3>
      <p>
        {canChange
          ? 'Create one with the button above, or import a file.'
          : 'An admin of the partition can create one.'}{' '}
        <a href={docsUrl(kind.docs)} target="_blank" rel="noreferrer">
          The docs
        </a>{' '}
        have examples.
      </p>
    </div>
  );
}
