import { useRef } from 'react';
import type { JsonObject as Request } from '../../forms/draft.ts';
import { Panel } from '../../parts/page.tsx';
import { ErrorBox } from '../../parts/states.tsx';
import { BatchForm } from './batch-form.tsx';
import { DocumentForm } from './document-form.tsx';
import { EarlierJob } from './earlier-job.tsx';
import type { FormState } from './form-state.ts';
import { emptyWork, WORK_KINDS, type WorkKind, withWork, workKindOf, workOf } from './work-kind.ts';

const KIND_LABELS: Readonly<Record<WorkKind, string>> = {
  batch: 'Splitter and worker',
  template: 'Template',
  type: 'Job type',
};

/** The work of the job, in one of its forms. */
export function WorkPanel(state: FormState) {
  const { draft, catalog } = state;
  const kind = workKindOf(draft.value);
  const previousWork = useRef(new Map<WorkKind, Request>());
  const select = (next: WorkKind) => {
    draft.change((request) => {
      const current = workKindOf(request);
      if (current !== undefined) previousWork.current.set(current, workOf(request));
      return withWork(request, previousWork.current.get(next) ?? emptyWork(next));
    });
  };
  const failed = Object.values(catalog).find((query) => query.isError);
  return (
    <Panel title="Work" actions={<EarlierJob draft={draft} />}>
      <fieldset className="segments">
        <legend className="read-only">Form of the work</legend>
        {WORK_KINDS.map((one) => (
          <label key={one} className="segment">
            <input type="radio" name="work" checked={kind === one} onChange={() => select(one)} />
            {KIND_LABELS[one]}
          </label>
        ))}
      </fieldset>
      {failed === undefined ? null : <ErrorBox error={failed.error} onRetry={() => void failed.refetch()} />}
      {kind === 'batch' ? <BatchForm {...state} /> : null}
      {kind === 'template' || kind === 'type' ? <DocumentForm {...state} kind={kind} /> : null}
      {kind === undefined ? (
        <p className="muted">
          The JSON describes the work in another form. Edit it there, or choose a form above to start again.
        </p>
      ) : null}
    </Panel>
  );
}
