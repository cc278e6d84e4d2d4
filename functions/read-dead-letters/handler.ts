import { mapParallel } from '#core/parallel.ts';
import { connect } from '../aws/connect.ts';
import { queueHandler } from '../aws/queue-handler.ts';
import { readDeadLetters } from './read-dead-letters.ts';

const ports = connect('read-dead-letters');
const read = readDeadLetters(ports);

export const handler = queueHandler(async (messages) => {
  const failed = new Set<string>();
  await mapParallel(messages, messages.length, async ({ id, body }) => {
    try {
      await read(body);
    } catch (error) {
      ports.log.warn('dead letter could not be read', { messageId: id, error: String(error) });
      failed.add(id);
    }
  });
  return { failed };
}, ports);
