import { readJsonVariable, workerQueueNames } from '#contract/json-variable.ts';
import { NewerVersion } from '#core/errors.ts';
import { mapParallel } from '#core/parallel.ts';
import { connect } from '../aws/connect.ts';
import { queueHandler } from '../aws/queue-handler.ts';
import { environment } from '../aws/runtime.ts';
import { letterOrigin } from './letter-origin.ts';
import { readDeadLetters } from './read-dead-letters.ts';

const ports = connect('read-dead-letters');
const read = readDeadLetters(ports);
const queues = {
  split: ports.setting('splitDeadLetters'),
  results: ports.setting('resultsDeadLetters'),
  reports: ports.setting('reportsDeadLetters'),
  workers: readJsonVariable('workerQueues', workerQueueNames, environment, {}),
};

export const handler = queueHandler(async (messages) => {
  const failed = new Set<string>();
  const newer = new Set<string>();
  await mapParallel(messages, messages.length, async (message) => {
    try {
      await read({ body: message.body, origin: letterOrigin(message, queues) });
    } catch (error) {
      if (error instanceof NewerVersion) newer.add(error.message);
      else ports.log.warn('dead letter could not be read', { messageId: message.id, error: String(error) });
      failed.add(message.id);
    }
  });
  for (const reason of newer) ports.log.warn('dead letter of a later release', { reason });
  return { failed };
}, ports);
