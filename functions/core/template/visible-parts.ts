import type { Part } from '#core/item.ts';

/** Whether the worker of a step sees the part: META ones never, others by their type; no patterns accept all. */
export function isVisible({ type, mimeType }: Part, patterns: readonly string[]): boolean {
  if (type === 'META') return false;
  return patterns.length === 0 || patterns.some((pattern) => accepts(pattern, mimeType));
}

/** `image/*` accepts `image/png`; what follows a semicolon, such as a charset, does not count. */
function accepts(pattern: string, mimeType: string): boolean {
  const [type, subtype] = pattern.toLowerCase().split('/');
  const [ownType, ownSubtype] = (mimeType.split(';')[0] ?? '').trim().toLowerCase().split('/');
  return (type === '*' || type === ownType) && (subtype === '*' || subtype === ownSubtype);
}
