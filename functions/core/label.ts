/** Characters of label keys; the contract limits their length. */
export const LABEL_KEY = /^[A-Za-z0-9_:-]+$/;
/** Several label keys, separated by commas. */
export const LABEL_KEYS = /^ *[A-Za-z0-9_:-]+ *(, *[A-Za-z0-9_:-]+ *)*$/;
export const LABEL_KEY_RULE = 'a label key may contain only letters, digits, _ - and :';

const PREFIX = 'labels.';

/** Returns the key in `labels.<key>`; `undefined` for the name of another field. */
export function labelKeyIn(field: string): string | undefined {
  return field.startsWith(PREFIX) ? field.slice(PREFIX.length) : undefined;
}
