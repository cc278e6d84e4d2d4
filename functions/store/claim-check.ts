import type { ObjectKey } from '#core/object-address.ts';
import type { Objects } from '#core/ports.ts';
import { byteLength } from '#core/send.ts';
import { keyOfPartition } from './object-keys.ts';

/** A message stays within one billed unit of SQS (64 KB); what is larger lies in the bucket. */
export const MAX_MESSAGE_BYTES = 60 * 1024;

/**
 * The message as text. Where it is too large, its fields are put to the bucket one after the other, at the keys
 * given, and `<field>Key` says where: first `items`, then `done`, as the caller lists them.
 */
export async function claimChecked(
  objects: Objects,
  message: Readonly<Record<string, unknown>>,
  keys: Readonly<Record<string, ObjectKey>>,
): Promise<string> {
  let checked = message;
  for (const [field, key] of Object.entries(keys)) {
    if (byteLength(JSON.stringify(checked)) <= MAX_MESSAGE_BYTES) break;
    const { [field]: large, ...rest } = checked;
    if (large === undefined) continue;
    await objects.put(key, JSON.stringify(large), { contentType: 'application/json' });
    checked = { ...rest, [`${field}Key`]: key };
  }
  return JSON.stringify(checked);
}

/** The field of a message: inline, or in an object of the partition of its job. */
export async function claimed(
  objects: Objects,
  partition: string,
  inline: unknown,
  key: string | undefined,
): Promise<unknown> {
  if (key === undefined) return inline;
  const bytes = await objects.get({ key: keyOfPartition(partition, key) });
  if (bytes === undefined) throw new Error(`${key} of a message cannot be read`);
  return JSON.parse(new TextDecoder().decode(bytes));
}
