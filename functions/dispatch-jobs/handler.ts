import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import middy from '@middy/core';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { mapParallel } from '#core/parallel.ts';
import { rowOfImage } from '../aws/attributes.ts';
import { connect } from '../aws/connect.ts';
import { withSignal } from '../aws/queue-handler.ts';
import { stateMachines } from '../aws/state-machines.ts';
import { dispatchJobs } from './dispatch-jobs.ts';

const ports = connect('dispatch-jobs');
const dispatch = dispatchJobs({
  ...ports,
  machines: stateMachines(ports.services.states, ports.setting('machines')),
});

/** Jobs handled in parallel, so that the follow-ups of one bulk action do not delay all others. */
const PARALLEL_JOBS = 8;

/**
 * Handles the stream of the table. Changes of one job are handled in their order. If one follow-up fails, the others
 * still run, then the batch fails. Lambda halves the batch and retries; repeated follow-ups are harmless.
 */
export const handler = middy<DynamoDBStreamEvent, void>().handler(async ({ Records: records }, context) =>
  withSignal(context, async (signal) => {
    const rows = records.flatMap(({ dynamodb }) => {
      const image = dynamodb?.NewImage as Record<string, AttributeValue> | undefined;
      return image === undefined ? [] : [rowOfImage(image)];
    });
    const errors: unknown[] = [];
    await mapParallel([...Map.groupBy(rows, ({ pk }) => pk).values()], PARALLEL_JOBS, async (changes) => {
      for (const row of changes) {
        try {
          await dispatch(row, () => signal.aborted);
        } catch (error) {
          ports.log.warn('follow-up failed', { error: String(error) });
          errors.push(error);
        }
      }
    });
    ports.log.info('follow-ups done', { records: records.length, failed: errors.length });
    if (errors.length > 0)
      throw new AggregateError(errors, `${errors.length} of ${records.length} follow-ups failed`);
  }),
);
