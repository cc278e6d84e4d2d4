import type { CSSProperties } from 'react';
import { type JsonSchema, type SchemaRow, schemaGroups } from './schema-rows.ts';
import { WithCode } from './with-code.tsx';

/** The members of a JSON Schema: type, default, limits and description. */
export function SchemaTable({ schema, label }: { schema: JsonSchema; label: string }) {
  const groups = schemaGroups(schema);
  const isEmpty = groups.every(({ rows }) => rows.length === 0);
  if (isEmpty) return <p className="muted">It has no members.</p>;
  return (
    <div className="schemas">
      {groups.map(({ title, rows }, index) => {
        const name = title === undefined ? label : `${label} with ${title}`;
        return (
          <div key={name}>
            {groups.length === 1 ? null : (
              <h3>
                {index === 0 ? 'With ' : 'Or with '}
                <code>{title}</code>
              </h3>
            )}
            <MemberTable label={name} rows={rows} />
          </div>
        );
      })}
    </div>
  );
}

function MemberTable({ label, rows }: { label: string; rows: readonly SchemaRow[] }) {
  return (
    <table className="schema" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Type</th>
          <th scope="col">Default</th>
          <th scope="col">Description</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.path}>
            <th scope="row" style={{ '--depth': row.depth } as CSSProperties}>
              <code>{row.path}</code>
            </th>
            <td>
              {row.type}
              {row.choices.length === 0 ? null : <Choices values={row.choices} />}
              {row.limits.length === 0 ? null : <span className="muted"> · {row.limits.join(', ')}</span>}
            </td>
            <td>{row.isRequired ? <strong>required</strong> : <Fallback value={row.fallback} />}</td>
            <td>
              {row.description === undefined ? null : <WithCode text={row.description} />}
              {row.pattern === undefined ? null : (
                <span className="schema-pattern">
                  Pattern: <code>{row.pattern}</code>
                </span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Fallback({ value }: { value: string | undefined }) {
  return value === undefined ? <span className="muted">none</span> : <code>{value}</code>;
}

function Choices({ values }: { values: readonly string[] }) {
  return (
    <span className="schema-choices">
      {values.map((value) => (
        <code key={value}>{value}</code>
      ))}
    </span>
  );
}
