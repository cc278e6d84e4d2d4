import { PermanentFailure } from '#core/errors.ts';
import type { Part } from '#core/item.ts';
import type { ObjectAddress } from '#core/ports.ts';
import type { ReadableObjects } from '#core/splitter.ts';

const DEFAULT_MAX_BYTES = 100 * 1024 * 1024;

/** The bytes of a part, whether it lies in the stack's bucket or where its URL says. */
export async function fetchPart(
  objects: ReadableObjects,
  part: Part,
  { maxBytes = DEFAULT_MAX_BYTES }: { readonly maxBytes?: number } = {},
): Promise<Uint8Array> {
  const bytes = await objects.get(addressOf(objects, part), { from: 0, to: maxBytes + 1 });
  if (bytes === undefined) {
    throw new PermanentFailure(
      'source-missing',
      `there is no object for part '${part.filename}' at '${part.key ?? part.url}'; was it deleted since the listing?`,
    );
  }
  if (bytes.length > maxBytes) {
    throw new PermanentFailure(
      'document-too-large',
      `part '${part.filename}' has more than ${maxBytes} bytes, the most that are read: split it`,
    );
  }
  return bytes;
}

function addressOf(objects: ReadableObjects, { key, url, filename }: Part): ObjectAddress {
  if (key !== undefined) return { key };
  if (url !== undefined) return objects.resolve(url);
  throw new PermanentFailure('invalid-part', `part '${filename}' has neither a key nor a url`);
}
