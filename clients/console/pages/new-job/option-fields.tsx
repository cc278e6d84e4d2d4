import { type ReactNode, useId } from 'react';
import type { Path } from '../../forms/pointer.ts';
import { getAt } from '../../forms/set-at.ts';
import { FieldProblems } from '../../forms/templates.tsx';
import { type FormState, problemsAt } from './form-state.ts';

interface FieldAttributes {
  readonly id: string;
  readonly 'aria-describedby': string;
  readonly 'aria-invalid': boolean;
}

interface OptionFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly problems?: readonly string[];
  readonly isWide?: boolean;
  readonly children: (field: FieldAttributes) => ReactNode;
}

/** A label, a hint, an input and its problems. */
export function OptionField({ label, hint, problems = [], isWide = false, children }: OptionFieldProps) {
  const id = useId();
  return (
    <div className={isWide ? 'field form-field option-wide' : 'field form-field'}>
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        'aria-describedby': `${id}-hint ${id}__error`,
        'aria-invalid': problems.length > 0,
      })}
      <p id={`${id}-hint`} className="form-description">
        {hint}
      </p>
      <FieldProblems id={id} problems={problems} />
    </div>
  );
}

interface PartOptionProps extends FormState {
  readonly label: string;
  readonly hint: string;
  /** Location of the value in the request. */
  readonly path: Path;
}

export function TextOption({ label, hint, path, draft, problems }: PartOptionProps) {
  const value = getAt(draft.value, path);
  return (
    <OptionField label={label} hint={hint} problems={problemsAt(problems, ...path)}>
      {(field) => (
        <input
          {...field}
          value={typeof value === 'string' ? value : ''}
          autoComplete="off"
          onChange={(event) => draft.setPart(path, event.target.value || undefined)}
        />
      )}
    </OptionField>
  );
}

export function NumberOption(props: PartOptionProps & { preset?: number }) {
  const { label, hint, path, draft, problems, preset } = props;
  const value = getAt(draft.value, path);
  return (
    <OptionField label={label} hint={hint} problems={problemsAt(problems, ...path)}>
      {(field) => (
        <input
          {...field}
          type="number"
          value={typeof value === 'number' ? value : ''}
          placeholder={preset === undefined ? undefined : `Default: ${preset}`}
          onChange={({ target }) =>
            draft.setPart(path, target.value === '' ? undefined : Number(target.value))
          }
        />
      )}
    </OptionField>
  );
}

export function CheckOption({ label, hint, path, draft, problems }: PartOptionProps) {
  return (
    <OptionField label={label} hint={hint} problems={problemsAt(problems, ...path)}>
      {(field) => (
        <input
          {...field}
          type="checkbox"
          checked={getAt(draft.value, path) === true}
          onChange={(event) => draft.setPart(path, event.target.checked || undefined)}
        />
      )}
    </OptionField>
  );
}

interface SelectOptionProps extends PartOptionProps {
  /** Values and their texts. The first is the default, which stays out of the request. */
  readonly choices: readonly (readonly [string, string])[];
}

export function SelectOption({ label, hint, path, draft, problems, choices }: SelectOptionProps) {
  const value = getAt(draft.value, path);
  const preset = choices[0]?.[0];
  return (
    <OptionField label={label} hint={hint} problems={problemsAt(problems, ...path)}>
      {(field) => (
        <select
          {...field}
          value={typeof value === 'string' ? value : preset}
          onChange={({ target }) => draft.setPart(path, target.value === preset ? undefined : target.value)}
        >
          {choices.map(([choice, text]) => (
            <option key={choice} value={choice}>
              {text}
            </option>
          ))}
        </select>
      )}
    </OptionField>
  );
}
