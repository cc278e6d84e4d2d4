import type { Part } from '#core/item.ts';

/**
 * True if the worker of a step receives the part. META parts are never visible, others are selected by type;
 * an empty list of patterns accepts all.
 */
export function isVisible({ type, mimeType }: Part, patterns: readonly string[]): boolean {
  if (type === 'META') return false;
  return patterns.length === 0 || patterns.some((pattern) => accepts(pattern, mimeType));
}

/**
 * True if the pattern matches: `image/*` accepts `image/png`. Parameters after a semicolon, such as a
 * charset, are ignored.
 */
function accepts(pattern: string, mimeType: string): boolean {
  const [type, subtype] = pattern.toLowerCase().split('/');
  const [ownType, ownSubtype] = (mimeType.split(';')[0] ?? '').trim().toLowerCase().split('/');
  return (type === '*' || type === ownType) && (subtype === '*' || subtype === ownSubtype);
}
