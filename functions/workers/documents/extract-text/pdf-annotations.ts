/** Members of an annotation of pdf.js that may carry text. The library declares them as `any`. */
interface Annotation {
  readonly subtype?: unknown;
  readonly hidden?: unknown;
  readonly fieldName?: unknown;
  readonly fieldType?: unknown;
  readonly fieldValue?: unknown;
  readonly checkBox?: unknown;
  readonly radioButton?: unknown;
  readonly buttonValue?: unknown;
  readonly exportValue?: unknown;
  readonly password?: unknown;
  readonly options?: unknown;
  readonly contentsObj?: { readonly str?: unknown };
}

/** Annotations whose text a reader sees on the page or in a comment. */
const COMMENTS = new Set(['FreeText', 'Text', 'Highlight', 'Underline', 'StrikeOut', 'Squiggly', 'Caret']);

/** Returns a line for each filled form field, as `name: value`, and for each comment. */
export function annotationLines(annotations: readonly Annotation[]): readonly string[] {
  const lines = annotations.flatMap((annotation) => {
    const { subtype, hidden, contentsObj } = annotation;
    if (subtype === 'Widget') return fieldLine(annotation);
    const isShown = hidden !== true && COMMENTS.has(String(subtype));
    const comment = isShown ? textOf(contentsObj?.str) : '';
    return comment === '' ? [] : [comment];
  });
  // A field may be shown several times.
  return [...new Set(lines)];
}

function fieldLine(field: Annotation): string[] {
  const value = shownValue(field);
  return value === '' ? [] : [`${textOf(field.fieldName)}: ${value}`];
}

function shownValue({ fieldType, fieldValue, options, ...field }: Annotation): string {
  if (fieldType === 'Btn') return stateOf({ fieldValue, ...field });
  if (field.password === true || (fieldType !== 'Tx' && fieldType !== 'Ch')) return '';
  const values = Array.isArray(fieldValue) ? fieldValue : [fieldValue];
  return values
    .map((value) => shownOption(options, value) ?? textOf(value))
    .filter((text) => text !== '')
    .join(', ');
}

/** Returns the value of the selected button, or an empty string. */
function stateOf({ fieldValue, checkBox, radioButton, buttonValue, exportValue }: Annotation): string {
  const state = textOf(fieldValue);
  if (state === '' || state === 'Off') return '';
  if (checkBox === true) return exportValue === undefined || exportValue === state ? state : '';
  return radioButton === true && buttonValue === state ? state : '';
}

/** Options of a list have a stored and a shown value. */
function shownOption(options: unknown, value: unknown): string | undefined {
  if (!Array.isArray(options)) return undefined;
  const option = options.find((one) => one?.exportValue === value);
  return option === undefined ? undefined : textOf(option.displayValue);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.replaceAll('\r\n', '\n').replaceAll('\r', '\n').trim() : '';
}
