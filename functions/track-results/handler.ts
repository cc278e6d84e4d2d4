import { connect } from '../aws/connect.ts';
import { queueHandler } from '../aws/queue-handler.ts';
import { queueNameOfUrl } from '../aws/queue-url.ts';
import { stateMachines } from '../aws/state-machines.ts';
import { trackResults } from './track-results.ts';

const ports = connect('track-results');
const track = trackResults({
  ...ports,
  machines: stateMachines(ports.services.states, ports.setting('machines')),
  maxItems: Number(ports.setting('maxItems')),
  statusCacheMillis: Number(ports.setting('statusCacheMillis')),
});
const ownQueue = queueNameOfUrl(ports.setting('resultsQueue'));

export const handler = queueHandler(
  (messages) =>
    // Only the service can send to its own queue. Any other queue counts as a worker.
    track(
      messages.map(({ id, body, queue }) => ({
        id,
        body,
        origin: queue === ownQueue ? 'service' : 'workers',
      })),
    ),
  ports,
);
