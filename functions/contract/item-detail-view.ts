/** One item as the API shows it: its attempts, its payload and its files. */
import * as z from 'zod';
import { ITEM_OUTCOMES } from '#core/item.ts';
import { failureSchema } from './failure-view.ts';
import { itemNote, partSchema } from './item-view.ts';
import { count, timeOf } from './quantities.ts';

const attemptSchema = z
  .strictObject({
    at: timeOf('Time at which it ended; absent if it was not recorded').exactOptional(),
    error: z.string().exactOptional().describe('Error of a failed attempt.'),
  })
  .meta({ id: 'ItemAttempt', description: 'One attempt of an item.' });
export type ItemAttemptView = z.output<typeof attemptSchema>;

const itemPartSchema = z
  .strictObject({
    ...partSchema.omit({ key: true }).shape,
    expiresAt: timeOf('Time at which a signed url expires').exactOptional(),
    note: z.string().exactOptional().describe('The reason why `url` is absent.'),
  })
  .meta({ id: 'ItemPart', description: 'A file of an item, with a link if the partition owns it.' });
export type ItemPartView = z.output<typeof itemPartSchema>;

export const itemDetailSchema = z
  .strictObject({
    id: z.string(),
    outcome: z
      .enum(ITEM_OUTCOMES)
      .exactOptional()
      .describe('Absent while the item is being retried, or if it was not found yet (see `cursor`).'),
    path: z.string().exactOptional().describe('Path of its task.'),
    attempts: z.array(attemptSchema).describe('Attempts in order.'),
    nextAttemptAt: timeOf('Earliest time of the next attempt, while it is being retried').exactOptional(),
    payload: z.unknown().optional().describe('Payload that the worker received, up to 4 KB.'),
    payloadExcerpt: z.string().exactOptional().describe('Beginning of a larger payload as JSON, up to 4 KB.'),
    payloadUrl: z
      .string()
      .exactOptional()
      .describe('Download URL of a larger payload, valid for 15 minutes.'),
    output: z.unknown().optional().describe('Answer of the worker, up to 4 KB. A larger one is a part.'),
    parts: z.array(itemPartSchema).exactOptional(),
    failure: failureSchema.exactOptional(),
    note: itemNote.exactOptional(),
    lookedAt: count
      .exactOptional()
      .describe('Number of outcomes that were read so far without finding the item.'),
    cursor: z
      .string()
      .exactOptional()
      .describe('Present if the item was not found yet: continue with this cursor.'),
  })
  .meta({ id: 'ItemDetail', description: 'One item of a job.' });
export type ItemDetail = z.output<typeof itemDetailSchema>;
