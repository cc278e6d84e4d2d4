import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { pagePath } from '../../addresses.ts';
import { useApi } from '../../data/api.ts';
import { usePartition } from '../../data/route.ts';
import { useDraft } from '../../forms/draft.ts';
import { JsonEditor } from '../../forms/json-editor.tsx';
import type { JsonSchema, Problem } from '../../forms/json-schema.ts';
import { serverProblems } from '../../forms/server-problems.ts';
import { useApiSchema } from '../../forms/use-api-schema.ts';
import { Button, ButtonRow } from '../../parts/button.tsx';
import { Page, Panel } from '../../parts/page.tsx';
import { ErrorBox } from '../../parts/states.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { useSave, useScopes } from './document-data.ts';
import { documentProblems } from './document-problems.ts';
import { EditorForm } from './editor-form.tsx';
import type { DocumentKind, DocumentView, Scope } from './kinds.ts';
import { NameAndScope } from './name-and-scope.tsx';
import { useMappingProblem } from './use-mapping-problem.ts';

interface DocumentEditorProps {
  readonly kind: DocumentKind;
  /** Name of a document that exists, or a proposal. */
  readonly name: string;
  readonly body: JsonSchema;
  /** The document that is edited, with its ETag; undefined for a new one. */
  readonly current: { readonly value: DocumentView; readonly etag?: string | undefined } | undefined;
  readonly onClose: () => void;
}

/** Edits a document as JSON, with its problems and its drawing while it is typed. */
export function DocumentEditor(props: DocumentEditorProps) {
  const { kind, current, onClose } = props;
  const [name, setName] = useState(props.name);
  const scopes = useScopes();
  const [scope, setScope] = useState<Scope>(() => firstScope(current?.value, scopes));
  const draft = useDraft(() => props.body);
  const { problems, save, submit } = useEditing({ ...props, name, scope, draft });
  const isOk = draft.textProblem === undefined && problems.length === 0 && name.trim() !== '';
  return (
    <Page
      title={current === undefined ? `New ${kind.noun}` : `Edit ${current.value.name}`}
      lead={current === undefined ? undefined : 'Saving creates a new version. Jobs that exist keep theirs.'}
    >
      <form
        className="document-editor"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (isOk) submit();
        }}
      >
        <div className="document-side">
          <NameAndScope
            kind={kind}
            name={name}
            onName={current === undefined ? setName : undefined}
            scope={scope}
            scopes={scopes.filter((one) => one === 'partition' || !isDeployed(current?.value))}
            onScope={setScope}
          />
          <EditorForm draft={draft} problems={problems} />
        </div>
        <Panel title="JSON">
          <JsonEditor
            label={`The ${kind.noun} as JSON`}
            text={draft.text}
            onChange={draft.setText}
            textProblem={draft.textProblem}
            problems={problems}
            rows={Math.max(20, Math.min(44, draft.text.split('\n').length + 1))}
            okText={`The ${kind.noun} is valid.`}
          />
        </Panel>
        <div className="document-end">
          {save.isError ? <ErrorBox error={save.error} /> : null}
          <ButtonRow>
            <Button submits kind="primary" icon="save" isBusy={save.isPending} disabled={!isOk}>
              Save
            </Button>
            <Button onClick={onClose}>Cancel</Button>
            <span className="muted">
              {name.trim() === '' ? `Give the ${kind.noun} a name to save it.` : ''}
            </span>
          </ButtonRow>
        </div>
      </form>
    </Page>
  );
}

function isDeployed(document: DocumentView | undefined): boolean {
  return document?.deployed === true;
}

/** A global document is edited where it is, if the role allows it. */
function firstScope(document: DocumentView | undefined, scopes: readonly Scope[]): Scope {
  const isGlobal = document?.scope === 'global' && !document.deployed;
  return isGlobal && scopes.includes('global') ? 'global' : 'partition';
}

interface EditingProps extends DocumentEditorProps {
  readonly scope: Scope;
  readonly draft: ReturnType<typeof useDraft>;
}

function useEditing({ kind, name, scope, draft, current, onClose }: EditingProps) {
  const api = useApi();
  const toasts = useToasts();
  const partition = usePartition();
  const [, navigate] = useLocation();
  const { schema } = useApiSchema(kind.schemaName);
  const splitters = useQuery({ queryKey: ['splitters'], queryFn: ({ signal }) => api.splitters({ signal }) });
  const workers = useQuery({ queryKey: ['workers'], queryFn: ({ signal }) => api.workers({ signal }) });
  const [refusal, setRefusal] = useState<{ readonly text: string; readonly problems: readonly Problem[] }>();
  const { value, text } = draft;
  const found = useMemo(
    () => documentProblems(value, schema, { splitters: splitters.data, workers: workers.data }),
    [value, schema, splitters.data, workers.data],
  );
  const mapping = useMappingProblem(value['mapping']);
  const save = useSave(kind);
  const submit = () =>
    save.mutate(
      { name: name.trim(), scope, body: value, ifMatch: etagFor(scope, current) },
      {
        onSuccess: ({ version }) => {
          toasts.say(`Saved version ${version} of ${name.trim()}`);
          onClose();
          navigate(pagePath(partition, kind.path, name.trim()));
        },
        onError: (error) => setRefusal({ text, problems: serverProblems(error) }),
      },
    );
  const refused = refusal?.text === text ? refusal.problems : [];
  return { problems: [...found, ...(mapping === undefined ? [] : [mapping]), ...refused], save, submit };
}

/** The ETag belongs to the scope that was read. In the partition, that of a global document matches nothing. */
function etagFor(scope: Scope, current: DocumentEditorProps['current']): string | undefined {
  return current !== undefined && current.value.scope === scope && scope === 'partition'
    ? current.etag
    : undefined;
}
