import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import middy from '@middy/core';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { rowOfImage } from '../aws/attributes.ts';
import { connect } from '../aws/connect.ts';
import { withSignal } from '../aws/queue-handler.ts';
import { dispatchJobs } from './dispatch-jobs.ts';

const ports = connect('dispatch-jobs');
const dispatch = dispatchJobs(ports);

/** Behind the table's stream: what fails is tried again from there on, in order. */
export const handler = middy<DynamoDBStreamEvent, DynamoDBBatchResponse>().handler(async (event, context) =>
  withSignal(context, async (signal) => {
    for (const { dynamodb } of event.Records) {
      const image = dynamodb?.NewImage as Record<string, AttributeValue> | undefined;
      if (image === undefined) continue;
      try {
        await dispatch(rowOfImage(image), () => signal.aborted);
      } catch (error) {
        ports.log.warn('follow-up failed', { error: String(error) });
        return { batchItemFailures: [{ itemIdentifier: dynamodb?.SequenceNumber ?? '' }] };
      }
    }
    return { batchItemFailures: [] };
  }),
);
