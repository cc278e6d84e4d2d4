import { connect } from '../aws/connect.ts';
import { queueHandler } from '../aws/queue-handler.ts';
import { stateMachines } from '../aws/state-machines.ts';
import { trackResults } from './track-results.ts';

const ports = connect('track-results');

export const handler = queueHandler(
  trackResults({
    ...ports,
    machines: stateMachines(ports.setting('machines')),
    maxItems: Number(ports.setting('maxItems')),
    statusCacheMillis: Number(ports.setting('statusCacheMillis')),
  }),
  ports,
);
