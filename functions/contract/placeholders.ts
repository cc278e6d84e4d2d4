/** Placeholders for fields of an item, in the parameters of workers: `{item.payload.name}`. */

/** Fields of an item that placeholders can name. */
const FIELDS = ['id', 'payload', 'parts'];

/** Matches an escape such as `{{id}}`, with its text, or a placeholder, with the path in the item. */
export const PLACEHOLDER = /\{(\{[A-Za-z_][^{}"]*\})\}|\{item(?:\.([^{}]+))?\}/g;

/** Matches an escape, or a name in braces. JSON, such as `{"a": 1}`, and numbers, such as `{2}`, are not names. */
const NAME_IN_BRACES = /\{\{[A-Za-z_][^{}"]*\}\}|\{([A-Za-z_][^{}\s"':,;()]*)\}/g;

const MAX_SHOWN = 100;

/** True if the text names a field of the item. */
export function hasPlaceholder(text: string): boolean {
  return [...text.matchAll(PLACEHOLDER)].some(([, escaped]) => escaped === undefined);
}

/** Returns the text with its escapes replaced by literal braces. */
export function withoutEscapes(text: string): string {
  return text.replaceAll(PLACEHOLDER, (whole, escaped: string | undefined) => escaped ?? whole);
}

interface PlaceholderFault {
  readonly path: readonly string[];
  readonly detail: string;
}

/** Returns the placeholders of a template that do not exist, in all its strings. */
export function unknownPlaceholders(template: unknown, path: readonly string[]): PlaceholderFault[] {
  if (typeof template === 'string')
    return unknownNames(template).map((name) => ({ path, detail: unknownDetail(name) }));
  if (typeof template !== 'object' || template === null) return [];
  return Object.entries(template).flatMap(([name, member]) => [
    ...(!Array.isArray(template) && hasPlaceholder(name)
      ? [{ path: [...path, name], detail: 'names of members are not filled; use placeholders in values' }]
      : []),
    ...unknownPlaceholders(member, [...path, name]),
  ]);
}

/** Returns the faults of members that are sent unchanged but name a field of the item. */
export function unfilledPlaceholders(
  members: Readonly<Record<string, unknown>>,
  path: readonly string[],
): PlaceholderFault[] {
  return Object.entries(members).flatMap(([name, value]) =>
    typeof value === 'string' && hasPlaceholder(value)
      ? [
          {
            path: [...path, name],
            detail: 'is sent unchanged, so placeholders are not filled; use url or body',
          },
        ]
      : [],
  );
}

function unknownNames(text: string): string[] {
  const names = [...text.matchAll(NAME_IN_BRACES)].flatMap(([, name]) => (name === undefined ? [] : [name]));
  return [...new Set(names)].filter((name) => {
    const [root, field] = name.split('.');
    return root !== 'item' || (field !== undefined && !FIELDS.includes(field));
  });
}

function unknownDetail(name: string): string {
  const [root = ''] = name.split('.');
  const shown = name.slice(0, MAX_SHOWN).toWellFormed();
  const meant = FIELDS.includes(root) ? ` Did you mean {item.${shown}}?` : '';
  return `unknown placeholder {${shown}}.${meant} Use {item}, ${FIELDS.map((field) => `{item.${field}}`).join(', ')} or a path below them, such as {item.payload.name}. Write literal braces as {{${shown}}}`;
}
