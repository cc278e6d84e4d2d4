import type { ItemPart } from 'jobtree/client';

/** Returns the address that a browser can download the file from. A worker may name files at other addresses, such as `s3://`. */
export function downloadUrl({ url }: Pick<ItemPart, 'url'>): string | undefined {
  return url !== undefined && /^https?:\/\//i.test(url) ? url : undefined;
}

export type PreviewKind = 'text' | 'json' | 'image' | 'pdf';

/** Text beyond this size is cut. */
export const TEXT_BYTES = 100_000;
/** Larger files are only downloaded. */
const MAX_BYTES = 20_000_000;

const IMAGES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/svg+xml', 'image/avif'];

/** Returns the kind of preview of a file; `undefined` for files that browsers do not show. */
export function previewKind({
  mimeType,
  sizeBytes = 0,
}: Pick<ItemPart, 'mimeType' | 'sizeBytes'>): PreviewKind | undefined {
  const type = mimeType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (sizeBytes > MAX_BYTES) return undefined;
  if (IMAGES.includes(type)) return 'image';
  if (type === 'application/pdf') return 'pdf';
  if (type === 'application/json' || type.endsWith('+json')) return 'json';
  const isText = type.startsWith('text/') || /\b(xml|yaml|ndjson|csv|javascript)\b/.test(type);
  return isText ? 'text' : undefined;
}
