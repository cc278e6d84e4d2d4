/** Items, failures and result parts as the API shows them. */
import * as z from 'zod';
import { ITEM_OUTCOMES } from '#core/item.ts';
import { failureSchema } from './failure-view.ts';
import { count, timeOf } from './quantities.ts';

const bytes = count.describe('Bytes.');

/** A part, at `key` in the stack's bucket or at `url`. */
const partSchema = z
  .object({
    type: z.enum(['BASE_PART', 'META']).describe('META is what a worker notes beside the parts it made.'),
    filename: z.string(),
    mimeType: z.string(),
    key: z.string().optional(),
    url: z.string().optional(),
    sizeBytes: bytes.optional(),
    properties: z.record(z.string(), z.string()).optional(),
  })
  .meta({ id: 'Part', description: 'A file that belongs to an item.' });

/** A line of an outcome object. Other members that workers add are not shown. */
export const itemViewSchema = z
  .object({
    id: z.string(),
    path: z.string().describe('The task that it is part of.'),
    outcome: z.enum(ITEM_OUTCOMES),
    attempts: count.describe('How often it was tried.'),
    output: z.unknown().optional().describe('The answer of the worker, up to 4 KB; a larger one is a part.'),
    parts: z.array(partSchema).optional(),
    failure: failureSchema.optional(),
  })
  .meta({ id: 'Item', description: 'What came of one item.' });
export type ItemView = z.output<typeof itemViewSchema>;

/** A file that the job created, and its download URL until `expiresAt`. */
export const resultPartSchema = z
  .strictObject({
    itemId: z.string(),
    filename: z.string(),
    mimeType: z.string(),
    sizeBytes: bytes.exactOptional(),
    url: z.string().exactOptional(),
    note: z.string().describe('Why there is no `url`.').exactOptional(),
    expiresAt: timeOf(
      'Until when the url is good; absent where the part lies outside of the stack, under an address of its own',
    ).exactOptional(),
  })
  .meta({ id: 'ResultPart' });
export type ResultPart = z.output<typeof resultPartSchema>;
