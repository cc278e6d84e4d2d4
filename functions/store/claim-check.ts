import { PermanentFailure } from '#core/errors.ts';
import type { ObjectKey } from '#core/object-address.ts';
import type { Objects } from '#core/ports.ts';
import { byteLength } from '#core/send.ts';
import { keyOfPartition } from './object-keys.ts';

/** A message stays within one billed unit of SQS (64 KB); what is larger lies in the bucket. */
export const MAX_MESSAGE_BYTES = 60 * 1024;

/** Work that a message pointed at and that is gone: no further try finds it. */
export class ClaimLost extends PermanentFailure {
  constructor(key: string) {
    super(
      'message-lost',
      `the object ${key}, which held the work of a message, is gone; check what deletes objects of the bucket, then retry the failed items or resubmit the job`,
    );
  }
}

/** Lists whose length stays in the message, so that each entry can still be counted if the object is lost. */
const COUNTED_FIELDS: readonly string[] = ['items', 'done'];

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
    const isCounted = COUNTED_FIELDS.includes(field) && Array.isArray(large);
    checked = {
      ...rest,
      [`${field}Key`]: key,
      ...(isCounted ? { [`${field}Count`]: large.length } : {}),
    };
  }
  return JSON.stringify(checked);
}

/**
 * The field of a message: inline, or in an object of the partition of its job. Throws `ClaimLost` if there is no
 * such object.
 */
export async function claimed(
  objects: Objects,
  partition: string,
  inline: unknown,
  key: string | undefined,
): Promise<unknown> {
  if (key === undefined) return inline;
  const bytes = await objects.get({ key: keyOfPartition(partition, key) });
  if (bytes === undefined) throw new ClaimLost(key);
  return JSON.parse(new TextDecoder().decode(bytes));
}
