import { useId } from 'react';

interface JsonFieldProps {
  readonly label: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly problem: string | undefined;
  readonly placeholder?: string;
  readonly rows?: number;
}

/** A text area for JSON, with its problem below. */
export function JsonField({ label, text, onChange, problem, placeholder, rows = 6 }: JsonFieldProps) {
  const id = useId();
  const shown = text.trim() === '' ? undefined : problem;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        className="json-field"
        rows={rows}
        value={text}
        spellCheck={false}
        autoComplete="off"
        placeholder={placeholder}
        aria-invalid={shown !== undefined}
        aria-describedby={`${id}-problem`}
        onChange={(event) => onChange(event.target.value)}
      />
      <p id={`${id}-problem`} className="field-problem" aria-live="polite">
        {shown}
      </p>
    </div>
  );
}
