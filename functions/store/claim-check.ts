import { PermanentFailure } from '#core/errors.ts';
import { parseJson } from '#core/json/parse-json.ts';
import type { ObjectKey } from '#core/object-address.ts';
import type { Objects } from '#core/ports.ts';
import { byteLength } from '#core/send.ts';
import { keyOfPartition } from './object-keys.ts';

/** Keeps a message within one billed unit of SQS (64 KB). Larger content is stored in the bucket. */
export const MAX_MESSAGE_BYTES = 60 * 1024;

/** Thrown when the object that a message refers to is gone. A retry would not find it either. */
export class ClaimLost extends PermanentFailure {
  constructor(key: string) {
    super(
      'message-lost',
      `the object ${key} with the work of a message is missing; check what deletes objects from the bucket, then retry the failed items or resubmit the job`,
    );
  }
}

/** Lists whose length stays in the message, so that their items can be counted even if the object is lost. */
const COUNTED_FIELDS: readonly string[] = ['items', 'done'];

/**
 * Returns the message as JSON. If it is too large, moves its fields to the bucket, in the order of `keys`,
 * until it fits. `<field>Key` holds the object key of a moved field.
 */
export async function withClaimCheck(
  objects: Objects,
  message: Readonly<Record<string, unknown>>,
  keys: Readonly<Record<string, ObjectKey>>,
): Promise<string> {
  let shortened = message;
  for (const [field, key] of Object.entries(keys)) {
    if (byteLength(JSON.stringify(shortened)) <= MAX_MESSAGE_BYTES) break;
    const { [field]: content, ...rest } = shortened;
    if (content === undefined) continue;
    await objects.put(key, JSON.stringify(content), { contentType: 'application/json' });
    const isCounted = COUNTED_FIELDS.includes(field) && Array.isArray(content);
    shortened = {
      ...rest,
      [`${field}Key`]: key,
      ...(isCounted ? { [`${field}Count`]: content.length } : {}),
    };
  }
  return JSON.stringify(shortened);
}

/**
 * Returns a field of a message: the inline value, or the content of its object in the job's partition. Throws
 * `ClaimLost` if the object does not exist.
 */
export async function readClaimedField(
  objects: Objects,
  partition: string,
  inline: unknown,
  key: string | undefined,
): Promise<unknown> {
  if (key === undefined) return inline;
  const bytes = await objects.get({ key: keyOfPartition(partition, key) });
  if (bytes === undefined) throw new ClaimLost(key);
  return parseJson(new TextDecoder().decode(bytes));
}
