import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import middy from '@middy/core';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { rowOfImage } from '../aws/attributes.ts';
import { connect } from '../aws/connect.ts';
import { withSignal } from '../aws/queue-handler.ts';
import { dispatchJobs } from './dispatch-jobs.ts';

const ports = connect('dispatch-jobs');
const dispatch = dispatchJobs(ports);

/**
 * Behind the table's stream. One that failed fails the batch, once the others are done: Lambda then cuts the batch in
 * two and tries again, and what was done already does no harm.
 */
export const handler = middy<DynamoDBStreamEvent, void>().handler(async ({ Records: records }, context) =>
  withSignal(context, async (signal) => {
    const errors: unknown[] = [];
    for (const { dynamodb } of records) {
      const image = dynamodb?.NewImage as Record<string, AttributeValue> | undefined;
      if (image === undefined) continue;
      try {
        await dispatch(rowOfImage(image), () => signal.aborted);
      } catch (error) {
        ports.log.warn('follow-up failed', { error: String(error) });
        errors.push(error);
      }
    }
    ports.log.info('follow-ups done', { records: records.length, failed: errors.length });
    if (errors.length > 0)
      throw new AggregateError(errors, `${errors.length} of ${records.length} follow-ups failed`);
  }),
);
