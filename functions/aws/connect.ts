/** The ports of a function, wired to AWS once per process, with every billed operation counted by job. */
import { ENVIRONMENT_NAMES, type EnvironmentKey, readEnvironment } from '#contract/env.ts';
import { Meter } from '#core/meter.ts';
import { meteredObjects, meteredQueues, meteredTable } from '#core/metered.ts';
import type { Clock, Log, Objects, Queues, Random, Table, Web } from '#core/ports.ts';
import { jobOfKey } from '../store/keys.ts';
import { jobOfObject } from '../store/object-keys.ts';
import { s3Objects } from './objects.ts';
import { siblingOf } from './queue-url.ts';
import { sqsQueues } from './queues.ts';
import { type AwsClients, awsClients, environment, jsonLog, systemClock, systemRandom } from './runtime.ts';
import { dynamoTable } from './table.ts';
import { guardedWeb } from './web.ts';

export interface Connected {
  readonly table: Table;
  readonly queues: Queues;
  readonly objects: Objects;
  readonly web: Web;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly meter: Meter;
  readonly clients: AwsClients;
  /** Name of the stack's bucket. */
  readonly bucket: string;
  /** The URL of any queue of the stack: the others differ from it in the name at its end. */
  readonly siblingUrl: string;
  /** A variable that this function must have. */
  setting(key: EnvironmentKey): string;
}

export function connect(functionName: string): Connected {
  const clients = awsClients();
  const meter = new Meter();
  const setting = (key: EnvironmentKey) => readEnvironment([key], environment)[key];
  const bucket = setting('bucket');
  const urls = queueUrls();
  return {
    table: meteredTable(dynamoTable(clients.dynamo, setting('table')), meter, jobOfKey),
    queues: meteredQueues(sqsQueues(clients.sqs, urls), meter),
    objects: meteredObjects(s3Objects(clients.s3, bucket), meter, jobOfObject),
    // A stack that says nothing of it reaches the public web on the port of HTTPS.
    web: guardedWeb(JSON.parse(environment[ENVIRONMENT_NAMES.web] ?? '{}')),
    clock: systemClock,
    random: systemRandom,
    log: jsonLog({ function: functionName }),
    meter,
    clients,
    bucket,
    siblingUrl: urls.sibling,
    setting,
  };
}

/** Only the queues that the stack gave to this function. */
function queueUrls() {
  const split = environment[ENVIRONMENT_NAMES.splitQueue];
  const results = environment[ENVIRONMENT_NAMES.resultsQueue];
  const reports = environment[ENVIRONMENT_NAMES.reportsQueue];
  const unroutable = environment[ENVIRONMENT_NAMES.unroutableQueue];
  const sibling = unroutable ?? split ?? results ?? reports ?? '';
  const workers: Record<string, string> = JSON.parse(environment[ENVIRONMENT_NAMES.workerQueues] ?? '{}');
  return {
    ...(split === undefined ? {} : { split }),
    ...(results === undefined ? {} : { results }),
    ...(reports === undefined ? {} : { reports }),
    ...(unroutable === undefined ? {} : { unroutable }),
    workers: Object.fromEntries(
      Object.entries(workers).map(([worker, queue]) => [worker, siblingOf(sibling, queue)]),
    ),
    sibling,
  };
}
