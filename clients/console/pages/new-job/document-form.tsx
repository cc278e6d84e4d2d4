import type { Template } from 'jobtree/client';
import type { JsonObject as Request } from '../../forms/draft.ts';
import { SchemaForm } from '../../forms/schema-form.tsx';
import { sourceValue } from '../../forms/source-field.tsx';
import { Choice } from './choice.tsx';
import { type FormState, problemsAt, problemsBelow } from './form-state.ts';
import { ItemsEditor } from './items-editor.tsx';
import { textAt, withWork } from './work-kind.ts';

/** The work as a template with items, or as a job type. */
export function DocumentForm(props: FormState & { kind: 'template' | 'type' }) {
  const { draft, catalog, problems, kind } = props;
  const name = textAt(draft.value, kind);
  const choices = kind === 'template' ? enabledTemplates(props) : catalog.jobTypes.data;
  const document = kind === 'template' ? catalog.template.data : catalog.jobType.data;
  const schema = document?.parametersSchema;
  return (
    <div className="work-parts">
      <Choice
        label={kind === 'template' ? 'Template' : 'Job type'}
        value={name}
        choices={choices}
        problems={problemsAt(problems, kind)}
        onChange={(next) => draft.change((request) => withWork(request, workWith(request, kind, next)))}
      />
      {choices?.length === 0 ? (
        <p className="muted">This partition has no {kind === 'template' ? 'template' : 'job type'} yet.</p>
      ) : null}
      {schema === undefined ? null : (
        <section className="work-part" aria-label="Parameters">
          <SchemaForm
            id={`parameters-${kind}-${name}`}
            schema={schema}
            value={draft.value['parameters']}
            problems={problemsBelow(problems, 'parameters')}
            onChange={(value) => draft.setPart(['parameters'], value)}
            onUpload={(path, sources) => draft.setPart(['parameters', ...path], sourceValue(sources))}
          />
        </section>
      )}
      {kind === 'template' && takesItems(catalog.template.data) ? <ItemsEditor {...props} /> : null}
    </div>
  );
}

function enabledTemplates({ catalog }: FormState) {
  return catalog.templates.data?.filter(({ enabled }) => enabled);
}

/** Items stay when another template is chosen, because they rarely depend on it. */
function workWith(request: Request, kind: 'template' | 'type', name: string): Request {
  return { [kind]: name, ...(kind === 'template' && 'items' in request ? { items: request['items'] } : {}) };
}

function takesItems(template: Template | undefined): boolean {
  return template !== undefined && template.steps[0]?.splitter === undefined;
}
