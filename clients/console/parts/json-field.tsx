import { useId } from 'react';

export type JsonText<T = Record<string, unknown> | undefined> =
  | { readonly value: T }
  | { readonly problem: string };

/** Parses JSON; the problem is a sentence with the position. */
export function parsedJson(text: string): JsonText<unknown> {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { problem: `This is not valid JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Parses a JSON object. */
export function parsedObject(text: string): JsonText<Record<string, unknown>> {
  const parsed = parsedJson(text);
  if ('problem' in parsed) return parsed;
  const { value } = parsed;
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return { value: value as Record<string, unknown> };
  return { problem: 'Write a JSON object: { … }' };
}

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
