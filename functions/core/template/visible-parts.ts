import type { Part } from '#core/item.ts';
import { plainMimeType } from '#core/mime-types.ts';

/**
 * True if the worker of a step receives the part. META parts are never visible, others are selected by type;
 * an empty list of patterns accepts all.
 */
export function isVisible({ type, mimeType }: Part, patterns: readonly string[]): boolean {
  if (type === 'META') return false;
  return patterns.length === 0 || patterns.some((pattern) => accepts(pattern, mimeType));
}

/** True if the pattern matches: `image/*` accepts `image/png`. Case, parameters and other names of a type do not matter. */
export function accepts(pattern: string, mimeType: string): boolean {
  const [type, subtype] = plainMimeType(pattern).split('/');
  const [ownType, ownSubtype] = plainMimeType(mimeType).split('/');
  return (type === '*' || type === ownType) && (subtype === '*' || subtype === ownSubtype);
}
