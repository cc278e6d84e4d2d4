import { useId } from 'react';
import type { DraftState } from '../../forms/draft.ts';
import type { Problem } from '../../forms/json-schema.ts';
import { FieldProblems } from '../../forms/templates.tsx';
import { Panel } from '../../parts/page.tsx';
import { drawable, isTemplate } from './kinds.ts';
import { TemplateFlow } from './template-flow.tsx';

interface EditorFormProps {
  readonly draft: DraftState;
  readonly problems: readonly Problem[];
}

/** The parts of a document that are better edited or seen outside of JSON. */
export function EditorForm({ draft, problems }: EditorFormProps) {
  if (isTemplate(draft.value)) return <FlowPreview draft={draft} />;
  return (
    <Panel title="Mapping">
      <MappingField draft={draft} problems={problems} />
    </Panel>
  );
}

function FlowPreview({ draft }: { draft: DraftState }) {
  const template = drawable(draft.value);
  return (
    <Panel title="Flow">
      {template === undefined ? (
        <p className="muted">The drawing appears when each step has a worker and a name of its own.</p>
      ) : (
        <TemplateFlow template={template} />
      )}
    </Panel>
  );
}

function MappingField({ draft, problems }: EditorFormProps) {
  const id = useId();
  const { mapping } = draft.value;
  const text = typeof mapping === 'string' ? mapping : '';
  const shown = problems.filter(({ path }) => path[0] === 'mapping').map(({ detail }) => detail);
  return (
    <div className="field">
      <label htmlFor={id}>JSONata expression</label>
      <p id={`${id}-hint`} className="form-description">
        It takes parameters, configuration, constants, partitionId and jobId, and returns the work: batch,
        task, or template with parameters and items.
      </p>
      <textarea
        id={id}
        className="form-code"
        rows={Math.max(10, Math.min(24, text.split('\n').length + 1))}
        value={text}
        spellCheck={false}
        aria-invalid={shown.length > 0}
        aria-describedby={`${id}-hint ${id}__error`}
        disabled={draft.textProblem !== undefined}
        onChange={(event) => draft.setPart(['mapping'], event.target.value)}
      />
      <FieldProblems id={id} problems={shown} />
    </div>
  );
}
