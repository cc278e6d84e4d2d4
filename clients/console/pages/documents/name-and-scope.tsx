import { useId } from 'react';
import { Panel } from '../../parts/page.tsx';
import type { DocumentKind, Scope } from './kinds.ts';

interface NameAndScopeProps {
  readonly kind: DocumentKind;
  readonly name: string;
  /** Absent if the name cannot change. */
  readonly onName: ((name: string) => void) | undefined;
  readonly scope: Scope;
  readonly scopes: readonly Scope[];
  readonly onScope: (scope: Scope) => void;
}

const SCOPE_LABELS: Readonly<Record<Scope, string>> = {
  partition: 'This partition',
  global: 'All partitions',
};

/** The name of a document, and who can use it. */
export function NameAndScope({ kind, name, onName, scope, scopes, onScope }: NameAndScopeProps) {
  const id = useId();
  return (
    <Panel title={onName === undefined ? 'Scope' : 'Name and scope'}>
      {onName === undefined ? null : (
        <div className="field">
          <label htmlFor={id}>Name</label>
          <input
            id={id}
            value={name}
            maxLength={48}
            autoComplete="off"
            spellCheck={false}
            placeholder={kind.path === 'templates' ? 'a-z, 0-9 and -' : undefined}
            onChange={(event) => onName(event.target.value)}
          />
        </div>
      )}
      {scopes.length < 2 ? (
        <p className="form-description">
          Only jobs of this partition use it. It hides a global {kind.noun} of the same name.
        </p>
      ) : (
        <fieldset className="segments">
          <legend className="field-label">For</legend>
          {scopes.map((one) => (
            <label key={one} className="segment">
              <input type="radio" name="scope" checked={scope === one} onChange={() => onScope(one)} />
              {SCOPE_LABELS[one]}
            </label>
          ))}
        </fieldset>
      )}
    </Panel>
  );
}
