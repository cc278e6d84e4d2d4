/** Items, failures and result parts as the API shows them. */
import * as z from 'zod';
import { ITEM_OUTCOMES } from '#core/item.ts';
import { failureSchema } from './failure-view.ts';
import { count, timeOf } from './quantities.ts';

const bytes = count.describe('Size in bytes.');

/** A part, at `key` in the stack's bucket or at `url`. */
export const partSchema = z
  .object({
    type: z
      .enum(['BASE_PART', 'META'])
      .describe('BASE_PART is a file of the item; META is additional data, not a result.'),
    filename: z.string(),
    mimeType: z.string(),
    key: z.string().optional(),
    url: z.string().optional(),
    sizeBytes: bytes.optional(),
    properties: z.record(z.string(), z.string()).optional(),
  })
  .meta({ id: 'Part', description: 'A file that belongs to an item.' });

export const itemNote = z
  .string()
  .describe('Note about the item, such as that a step received none of its parts.');

/** A line of an outcome object. Other members that workers add are not shown. */
export const itemViewSchema = z
  .object({
    id: z.string(),
    path: z.string().describe('Path of its task.'),
    outcome: z.enum(ITEM_OUTCOMES),
    attempts: count.describe('Number of attempts.'),
    output: z
      .unknown()
      .optional()
      .describe('Answer of the worker, up to 4 KB. A larger answer is stored as a part.'),
    parts: z.array(partSchema).optional(),
    failure: failureSchema.optional(),
    note: itemNote.optional(),
  })
  .meta({ id: 'Item', description: 'The outcome of one item.' });
export type ItemView = z.output<typeof itemViewSchema>;

/** A file that the job created, and its download URL until `expiresAt`. */
export const resultPartSchema = z
  .strictObject({
    itemId: z.string(),
    filename: z.string(),
    mimeType: z.string(),
    sizeBytes: bytes.exactOptional(),
    url: z.string().exactOptional(),
    note: z.string().describe('The reason why `url` is absent.').exactOptional(),
    expiresAt: timeOf(
      'Time at which the url expires; absent if the part is stored outside the stack, at its own URL',
    ).exactOptional(),
  })
  .meta({ id: 'ResultPart' });
export type ResultPart = z.output<typeof resultPartSchema>;
