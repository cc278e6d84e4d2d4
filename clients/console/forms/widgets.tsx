/** Inputs for single values. A default is a placeholder, so that the request contains only what was chosen. */
import { descriptionId, errorId, type WidgetProps } from '@rjsf/utils';

export function describedBy(id: string): string {
  return `${descriptionId(id)} ${errorId(id)}`;
}

export function BaseInput({
  id,
  value,
  schema,
  type,
  required,
  rawErrors = [],
  onChange,
  onBlur,
}: WidgetProps) {
  const isNumber = schema.type === 'number' || schema.type === 'integer' || type === 'number';
  return (
    <input
      id={id}
      type={isNumber ? 'number' : 'text'}
      step={isNumber ? 'any' : undefined}
      value={value === undefined || value === null ? '' : String(value)}
      placeholder={placeholderOf(schema)}
      autoComplete="off"
      spellCheck={false}
      aria-required={required}
      aria-invalid={rawErrors.length > 0}
      aria-describedby={describedBy(id)}
      onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)}
      onBlur={(event) => onBlur(id, event.target.value)}
    />
  );
}

/** Returns the default of the schema, or its first example, as a hint. */
export function placeholderOf(schema: WidgetProps['schema']): string | undefined {
  const { default: preset, examples } = schema;
  if (preset !== undefined && preset !== '') return `Default: ${textOf(preset)}`;
  const example = Array.isArray(examples) ? examples[0] : undefined;
  return example === undefined ? undefined : `For example ${textOf(example)}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function Select({ id, value, schema, options, required, rawErrors = [], onChange }: WidgetProps) {
  const choices = options.enumOptions ?? [];
  const selected = choices.findIndex((choice) => choice.value === value);
  // Branches of a union always have a choice.
  const isBranch = schema.type === 'number' && schema.enum === undefined;
  return (
    <select
      id={id}
      value={selected === -1 ? '' : String(selected)}
      aria-required={required}
      aria-invalid={rawErrors.length > 0}
      aria-describedby={isBranch ? undefined : describedBy(id)}
      onChange={(event) => {
        const choice = event.target.value === '' ? undefined : choices[Number(event.target.value)];
        onChange(choice?.value);
      }}
    >
      {isBranch ? null : <option value="">{unsetText(schema, required ?? false)}</option>}
      {choices.map((choice, at) => (
        <option key={choice.label} value={at}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}

function unsetText(schema: WidgetProps['schema'], isRequired: boolean): string {
  return placeholderOf(schema) ?? (isRequired ? 'Choose one' : 'Not set');
}

function Checkbox({ id, value, schema, onChange }: WidgetProps) {
  return (
    <input
      id={id}
      type="checkbox"
      checked={Boolean(value ?? schema.default ?? false)}
      aria-describedby={describedBy(id)}
      onChange={(event) => {
        const isDefault = event.target.checked === (schema.default ?? false);
        onChange(isDefault ? undefined : event.target.checked);
      }}
    />
  );
}

export const WIDGETS = { SelectWidget: Select, CheckboxWidget: Checkbox };
