import type { FieldProps } from '@rjsf/utils';
import { PairsInput } from './pairs-input.tsx';

/** An object whose members are strings. */
export function PairsField({ fieldPathId, formData, onChange }: FieldProps) {
  const { $id: id, path } = fieldPathId;
  return <PairsInput id={id} pairs={formData ?? {}} onChange={(pairs) => onChange(pairs, path)} />;
}
