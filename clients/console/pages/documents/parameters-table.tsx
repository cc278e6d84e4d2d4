import { isObject, type JsonSchema } from '../../forms/json-schema.ts';

/** The parameters of a schema, with what each means. */
export function ParametersTable({ schema }: { schema: JsonSchema | undefined }) {
  const properties = schema?.['properties'];
  const required = Array.isArray(schema?.['required']) ? schema['required'] : [];
  const entries = Object.entries(isObject(properties) ? properties : {});
  if (entries.length === 0) return <p className="muted">It takes no parameters.</p>;
  return (
    <dl className="parameters">
      {entries.map(([name, part]) => (
        <div key={name}>
          <dt>
            <code>{name}</code> <span className="muted">{typeText(part)}</span>
            {required.includes(name) ? <span className="form-required"> required</span> : null}
          </dt>
          <dd>{descriptionOf(part)}</dd>
        </div>
      ))}
    </dl>
  );
}

function typeText(schema: unknown): string {
  if (!isObject(schema)) return '';
  const { type, enum: values, minimum, maximum } = schema;
  const names = Array.isArray(values)
    ? values.map((value) => JSON.stringify(value)).join(' or ')
    : [type].flat().filter(Boolean).join(' or ');
  const range = [
    ...(typeof minimum === 'number' ? [`from ${minimum}`] : []),
    ...(typeof maximum === 'number' ? [`to ${maximum}`] : []),
  ];
  return [names, ...range].join(' ');
}

function descriptionOf(schema: unknown): string {
  if (!isObject(schema)) return '';
  const { description, default: preset } = schema;
  const text = typeof description === 'string' ? description : '';
  return preset === undefined ? text : `${text} Default: ${JSON.stringify(preset)}.`.trim();
}
