import { useId } from 'react';
import { FieldProblems } from '../../forms/templates.tsx';
import { WithCode } from '../../parts/with-code.tsx';

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly { readonly name: string; readonly description: string }[] | undefined;
  readonly problems: readonly string[];
  readonly onChange: (name: string) => void;
}

/** A deployed part by its name, with its description below. */
export function Choice({ label, value, choices, problems, onChange }: ChoiceProps) {
  const id = useId();
  const selected = choices?.find(({ name }) => name === value);
  const isUnknown = value !== '' && selected === undefined;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value}
        aria-invalid={problems.length > 0}
        aria-describedby={`${id}-description ${id}__error`}
        onChange={(event) => onChange(event.target.value)}
      >
        <option value="">{choices === undefined ? 'Loading' : `Choose a ${label.toLowerCase()}`}</option>
        {isUnknown ? <option value={value}>{value}</option> : null}
        {choices?.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <p id={`${id}-description`} className="form-description choice-description">
        <WithCode text={selected?.description ?? ''} />
      </p>
      <FieldProblems id={id} problems={problems} />
    </div>
  );
}
