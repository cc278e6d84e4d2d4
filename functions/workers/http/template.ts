/**
 * Templates of the worker `http`: `{item.id}`, `{item.payload.name}`, `{item.payload.list.0}`. `{{name}}` is
 * sent as `{name}`.
 */
import { hasPlaceholder, PLACEHOLDER, withoutEscapes } from '#contract/placeholders.ts';
import { PermanentFailure } from '#core/errors.ts';
import { type FieldSource, fieldAt } from '#core/item-fields.ts';

const ONE_PLACEHOLDER = /^\{item(?:\.([^{}]+))?\}$/;

/** Fills a URL template. Percent-encodes each value, so that it cannot change the structure of the URL. */
export function fillUrl(template: string, item: FieldSource): string {
  return template.replaceAll(PLACEHOLDER, (_whole, escaped: string | undefined, path: string | undefined) => {
    if (escaped !== undefined) return escaped;
    const text = textOf(path, item);
    // A dot segment changes the path, and URL parsers also resolve encoded dots.
    if (text === '.' || text === '..') {
      throw new PermanentFailure('unsafe-value', `item.${path} is '${text}', which is not allowed in a URL`);
    }
    return encodeURIComponent(text.toWellFormed());
  });
}

/** Fills the placeholders of a string, or of every string in a JSON value. */
export function fillBody(template: unknown, item: FieldSource): unknown {
  if (typeof template === 'string') {
    const singlePlaceholder = ONE_PLACEHOLDER.exec(template);
    if (singlePlaceholder !== null) return fieldOf(singlePlaceholder[1], item);
    return template.replaceAll(
      PLACEHOLDER,
      (_whole, escaped: string | undefined, path: string | undefined) => escaped ?? textOf(path, item),
    );
  }
  if (Array.isArray(template)) return template.map((entry) => fillBody(entry, item));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([name, value]) => [name, fillBody(value, item)]));
}

/** Fills a template for several items. Repeats each list that names an item once per item, in order. */
export function fillForAll(template: unknown, items: readonly FieldSource[]): unknown {
  if (typeof template === 'string') return withoutEscapes(template);
  if (Array.isArray(template)) {
    if (!namesItem(template)) return template.map((element) => fillForAll(element, items));
    return items.flatMap((item) => fillBody(template, item) as unknown[]);
  }
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([name, value]) => [name, fillForAll(value, items)]),
  );
}

export function namesItem(template: unknown): boolean {
  if (typeof template === 'string') return hasPlaceholder(template);
  return typeof template === 'object' && template !== null && Object.values(template).some(namesItem);
}

export function namesItemOutsideLists(template: unknown): boolean {
  if (Array.isArray(template)) return false;
  if (typeof template !== 'object' || template === null) return namesItem(template);
  return Object.values(template).some(namesItemOutsideLists);
}

function textOf(path: string | undefined, item: FieldSource): string {
  const value = fieldOf(path, item);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function fieldOf(path: string | undefined, item: FieldSource): unknown {
  const [value] = path === undefined ? [item] : fieldAt(item, path);
  if (value !== undefined) return value;
  throw new PermanentFailure(
    'missing-field',
    `the template names item.${path}, which this item does not have`,
  );
}
