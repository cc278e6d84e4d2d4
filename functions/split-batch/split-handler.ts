import type { Splitter } from '#core/splitter.ts';
import { connect } from '../aws/connect.ts';
import { queueHandler } from '../aws/queue-handler.ts';
import { stateMachines } from '../aws/state-machines.ts';
import { sourceCaches } from '../sources/source-caches.ts';
import { enterStep } from './enter-step.ts';
import { splitBatch } from './split-batch.ts';
import { splitMessages } from './split-messages.ts';
import { SplitRequests } from './split-requests.ts';
import { splittersOnDemand } from './splitters/on-demand.ts';

/** Returns the Lambda handler of the split queue, for the shipped splitters and the given ones of users. */
export function splitHandler(splitters: readonly Splitter[] = []) {
  const connected = connect('split-batch');
  const ports = {
    ...connected,
    machines: stateMachines(connected.services.states, connected.setting('machines')),
  };
  const requests = new SplitRequests(ports);
  const split = splitBatch(
    {
      ...ports,
      caches: sourceCaches(),
      splitters: [...splittersOnDemand, ...splitters],
      maxItems: Number(ports.setting('maxItems')),
      statusCacheMillis: Number(ports.setting('statusCacheMillis')),
    },
    requests,
  );
  const work = splitMessages(ports, { enter: enterStep(ports, requests), split });
  return queueHandler((messages, signal) => work(messages, () => signal.aborted), ports);
}
