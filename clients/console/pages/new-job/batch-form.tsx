import type { JsonObject as Request } from '../../forms/draft.ts';
import type { Path } from '../../forms/pointer.ts';
import { SchemaForm } from '../../forms/schema-form.tsx';
import { setAt } from '../../forms/set-at.ts';
import { sourceValue } from '../../forms/source-field.tsx';
import { Choice } from './choice.tsx';
import { type FormState, problemsAt, problemsBelow } from './form-state.ts';
import { withFormat } from './source-format.ts';
import { batchOf, textAt } from './work-kind.ts';

/** Splits only the outcomes of an earlier step of a template. */
const ONLY_IN_TEMPLATES = 'step-results';

export function BatchForm({ draft, catalog, problems }: FormState) {
  const batch = batchOf(draft.value);
  const splitters = catalog.splitters.data?.filter(({ name }) => name !== ONLY_IN_TEMPLATES);
  const workers = catalog.workers.data;
  const splitter = splitters?.find(({ name }) => name === batch['splitter']);
  const worker = workers?.find(({ name }) => name === batch['worker']);
  const choose = (kind: 'splitter' | 'worker', name: string) =>
    draft.change((request) => withChoice(request, kind, name));
  const upload = (path: Path, sources: readonly string[], files: readonly File[]) =>
    draft.change((request) => {
      const definition = batchOf(request)['definition'];
      const next = setAt(definition, path, sourceValue(sources));
      return setAt(
        request,
        ['batch', 'definition'],
        withFormat(next, splitter?.definition, files),
      ) as Request;
    });
  return (
    <div className="work-parts">
      <Choice
        label="Splitter"
        value={textAt(batch, 'splitter')}
        choices={splitters}
        problems={problemsAt(problems, 'batch', 'splitter')}
        onChange={(name) => choose('splitter', name)}
      />
      {splitter === undefined ? null : (
        <section className="work-part" aria-label="Definition">
          <SchemaForm
            id={`definition-${splitter.name}`}
            schema={splitter.definition}
            value={batch['definition']}
            problems={problemsBelow(problems, 'batch', 'definition')}
            onChange={(value) => draft.setPart(['batch', 'definition'], value)}
            onUpload={upload}
          />
        </section>
      )}
      <Choice
        label="Worker"
        value={textAt(batch, 'worker')}
        choices={workers}
        problems={problemsAt(problems, 'batch', 'worker')}
        onChange={(name) => choose('worker', name)}
      />
      {worker === undefined ? null : (
        <section className="work-part" aria-label="Parameters">
          <SchemaForm
            id={`parameters-${worker.name}`}
            schema={worker.parameters}
            value={batch['parameters']}
            problems={problemsBelow(problems, 'batch', 'parameters')}
            onChange={(value) => draft.setPart(['batch', 'parameters'], nonEmpty(value))}
            onUpload={(path, sources) =>
              draft.setPart(['batch', 'parameters', ...path], sourceValue(sources))
            }
          />
        </section>
      )}
    </div>
  );
}

/** Returns the request with another splitter or worker. Its settings belong to the previous one. */
function withChoice(request: Request, kind: 'splitter' | 'worker', name: string): Request {
  const settings = kind === 'splitter' ? 'definition' : 'parameters';
  const without = setAt(request, ['batch', settings], undefined);
  return setAt(without, ['batch', kind], name === '' ? undefined : name) as Request;
}

/** Settings that were all cleared are absent. */
function nonEmpty(value: unknown): unknown {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0 ? undefined : value;
}
