import middy from '@middy/core';
import type { ScheduledEvent } from 'aws-lambda';
import { connect } from '../aws/connect.ts';
import { withSignal } from '../aws/queue-handler.ts';
import { sweepJobs } from './sweep-jobs.ts';

const ports = connect('sweep-jobs');

/** Runs every minute. If a job fails, the others are still handled, then the invocation fails so that the error is visible. */
export const handler = middy<ScheduledEvent, void>().handler(async (_event, context) =>
  withSignal(context, async (signal) => {
    const swept = await sweepJobs(ports, () => signal.aborted);
    ports.log.info('sweep done', { ...swept, isComplete: !signal.aborted });
    if (swept.failed > 0)
      throw new Error(`${swept.failed} jobs could not be swept; the next sweep tries again`);
  }),
);
