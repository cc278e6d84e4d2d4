/** The queues of the service, and the messages that no handler accepted. */
import * as z from 'zod';
import { count, timeOf } from './quantities.ts';

/** Bytes of a message body that the API shows. */
export const MAX_SHOWN_BODY_BYTES = 4096;
/** Messages that one request reads, sends again or deletes. */
export const MAX_UNROUTABLE = 100;

export const queueSchema = z
  .strictObject({
    name: z
      .string()
      .describe('split, reports, results, unroutable, undispatched, or worker:<name> for each worker.'),
    worker: z.string().exactOptional().describe('The worker that receives from the queue.'),
    waiting: count.describe('Messages that can be received now.'),
    inFlight: count.describe('Messages that were received and not yet deleted.'),
    delayed: count.describe('Messages that become visible later, such as retried chunks.'),
    oldestSeconds: count
      .exactOptional()
      .describe(
        'Age of its oldest message in seconds, from CloudWatch, up to some minutes old. Absent if CloudWatch has no recent value, as on an emulator.',
      ),
    deadLetters: count.exactOptional().describe('Messages of its dead-letter queue, if it has one.'),
  })
  .meta({
    id: 'Queue',
    description: 'Approximate numbers of messages of all partitions, up to 10 seconds old.',
  });

export const unroutableMessageSchema = z
  .strictObject({
    id: z.string(),
    time: timeOf('Time at which it became unroutable'),
    reason: z.string().describe('The reason why no handler accepted it.'),
    queue: z
      .string()
      .exactOptional()
      .describe('The queue that it came from. Absent if it cannot be sent again.'),
    kind: z.string().exactOptional(),
    partition: z.string().exactOptional(),
    job: z.string().exactOptional(),
    body: z.string().describe(`The message, up to ${MAX_SHOWN_BODY_BYTES} bytes.`),
    sizeBytes: count.describe('Size of the whole message.'),
  })
  .meta({ id: 'UnroutableMessage', description: 'A message that no handler accepted.' });

export type UnroutableMessageView = z.output<typeof unroutableMessageSchema>;

export const unroutableActionRequest = z
  .strictObject({
    ids: z
      .array(z.string().min(1).max(200))
      .min(1)
      .max(MAX_UNROUTABLE)
      .describe('Ids of messages, from the list.'),
  })
  .meta({ id: 'UnroutableMessagesRequest' });

export const unroutableActionSchema = z
  .strictObject({
    done: z.array(z.string()).describe('Ids of the messages that were sent again or deleted.'),
    kept: z
      .array(z.strictObject({ id: z.string(), reason: z.string() }))
      .describe('The other messages of the request, with the reason.'),
  })
  .meta({ id: 'UnroutableMessagesResult' });
