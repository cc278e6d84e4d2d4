/** Work of a job that does not progress now, as the API shows it. */
import * as z from 'zod';
import { count, timeOf } from './quantities.ts';

/** Maximum of each count. A job with more work in this state shows this number. */
export const MAX_ATTENTION = 1_000;

const limitedCount = count.max(MAX_ATTENTION);

export const attentionSchema = z
  .strictObject({
    retrying: limitedCount.describe(
      'Number of chunks and batches with a failed attempt that are tried again.',
    ),
    held: limitedCount.describe('Number of messages that wait until the paused job is resumed.'),
    waitingForSlot: limitedCount.describe('1 if the job waits for a slot of its partition.'),
    waitingForPrerequisite: limitedCount.describe('Number of prerequisites that are not met yet.'),
    longestSince: timeOf('Time since which the oldest of this work has been waiting').exactOptional(),
  })
  .meta({
    id: 'Attention',
    description: `Work that does not progress now; each count is at most ${MAX_ATTENTION}.`,
  });
export type Attention = z.output<typeof attentionSchema>;
