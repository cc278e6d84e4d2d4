/** Templates of the worker `http`: `{item.id}`, `{item.payload.name}`, `{item.payload.list.0}`. */
import { PermanentFailure } from '#core/errors.ts';
import { type FieldSource, fieldAt } from '#core/item-fields.ts';

const PLACEHOLDER = /\{item(?:\.([^{}]+))?\}/g;
const ONE_PLACEHOLDER = /^\{item(?:\.([^{}]+))?\}$/;

/** Each value percent-encoded, so that it stays within its place of the URL. */
export function filledUrl(template: string, item: FieldSource): string {
  return template.replaceAll(PLACEHOLDER, (_whole, path: string | undefined) => {
    const text = textOf(path, item);
    // A path of dots would lead out of its folder, and no encoding of dots keeps it there.
    if (text === '.' || text === '..') {
      throw new PermanentFailure('unsafe-value', `item.${path} is '${text}', which cannot stand in a URL`);
    }
    return encodeURIComponent(text.toWellFormed());
  });
}

/** A text with its placeholders filled; other JSON with those of every text in it. */
export function filledBody(template: unknown, item: FieldSource): unknown {
  if (typeof template === 'string') {
    const whole = ONE_PLACEHOLDER.exec(template);
    if (whole !== null) return fieldOf(whole[1], item);
    return template.replaceAll(PLACEHOLDER, (_whole, path: string | undefined) => textOf(path, item));
  }
  if (Array.isArray(template)) return template.map((entry) => filledBody(entry, item));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([name, value]) => [name, filledBody(value, item)]));
}

/** The same with every list in which an item is named repeated for each of them, one after the other. */
export function filledForAll(template: unknown, items: readonly FieldSource[]): unknown {
  if (Array.isArray(template)) {
    if (!namesItem(template)) return template;
    return items.flatMap((item) => filledBody(template, item) as unknown[]);
  }
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([name, value]) => [name, filledForAll(value, items)]),
  );
}

export function namesItem(template: unknown): boolean {
  if (typeof template === 'string') return template.search(PLACEHOLDER) !== -1;
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
