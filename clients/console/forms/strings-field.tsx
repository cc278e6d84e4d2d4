import type { FieldProps } from '@rjsf/utils';
import { describedBy } from './widgets.tsx';

/** A list of strings: one in each line. */
export function StringsField({ fieldPathId, formData, onChange, rawErrors = [], errorSchema }: FieldProps) {
  const { $id: id, path } = fieldPathId;
  const lines: readonly unknown[] = Array.isArray(formData) ? formData : [];
  return (
    <textarea
      id={id}
      className="form-code"
      rows={Math.min(8, Math.max(2, lines.length + 1))}
      value={lines.join('\n')}
      placeholder="One in each line"
      autoComplete="off"
      spellCheck={false}
      aria-invalid={rawErrors.length > 0 || Object.keys(errorSchema ?? {}).length > 0}
      aria-describedby={describedBy(id)}
      onChange={({ target: { value } }) => onChange(value === '' ? undefined : value.split('\n'), path)}
    />
  );
}
