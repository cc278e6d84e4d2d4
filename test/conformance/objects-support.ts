import { randomUUID } from 'node:crypto';
import type { TextObjects } from '../support/text-objects.ts';

/** Returns a prefix that no other test uses. */
export const folder = () => `area/${randomUUID()}/`;

export const text = (bytes: Uint8Array | undefined) =>
  bytes === undefined ? undefined : new TextDecoder().decode(bytes);

/** Each object contains its own key. */
export async function putAll(objects: TextObjects, keys: readonly string[]): Promise<void> {
  for (let start = 0; start < keys.length; start += 50) {
    await Promise.all(keys.slice(start, start + 50).map((key) => objects.put(key, key)));
  }
}
