/** Connects the ports of a function to AWS, once per process. Every billed operation is counted per job. */
import * as v from 'valibot';
import { ENVIRONMENT_NAMES, type EnvironmentKey, readEnvironment } from '#contract/environment.ts';
import { readJsonVariable, workerQueueNames } from '#contract/json-variable.ts';
import { Meter } from '#core/meter.ts';
import { meteredObjects, meteredQueues, meteredTable } from '#core/metered.ts';
import { type BucketName, parseBucketName } from '#core/object-address.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Clock, Log, Objects, Queues, Random, Table, Web } from '#core/ports.ts';
import { jobOfKey } from '../store/keys.ts';
import { jobOfObject } from '../store/object-keys.ts';
import type { Services } from './calls.ts';
import { s3Objects } from './objects.ts';
import { siblingOf } from './queue-url.ts';
import { sqsQueues } from './queues.ts';
import { type ObjectsFor, readerSessions } from './reader-sessions.ts';
import { environment, jsonLog, systemClock, systemRandom } from './runtime.ts';
import { awsServices } from './services.ts';
import { dynamoTable } from './table.ts';
import { guardedWeb } from './web.ts';
import { webAccess } from './web-access.ts';

export interface Connected {
  readonly table: Table;
  readonly queues: Queues;
  readonly objects: Objects;
  /** Objects that the jobs of a partition may read. */
  readonly objectsFor: ObjectsFor;
  readonly web: Web;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly meter: Meter;
  readonly services: Services;
  readonly bucket: BucketName;
  /** Other buckets that jobs may read. */
  readonly readBuckets: readonly BucketName[];
  /** URL of any queue of the stack. The URLs of the other queues differ only in the name at the end. */
  readonly siblingUrl: string;
  /** Returns a variable that this function requires. */
  setting(key: EnvironmentKey): string;
}

export function connect(functionName: string): Connected {
  const services = awsServices();
  const meter = new Meter();
  const setting = (key: EnvironmentKey) => readEnvironment([key], environment)[key];
  const bucket = parseBucketName(setting('bucket'));
  const urls = queueUrls();
  const objects = meteredObjects(s3Objects(services.s3, bucket), meter, jobOfObject);
  return {
    table: meteredTable(dynamoTable(services.dynamo, setting('table')), meter, jobOfKey),
    queues: meteredQueues(sqsQueues(services.sqs, urls), meter),
    objects,
    objectsFor: objectsForPartitions(services, { bucket, objects, meter }),
    web: guardedWeb(webAccess(environment)),
    clock: systemClock,
    random: systemRandom,
    log: jsonLog({ function: functionName }),
    meter,
    services,
    bucket,
    readBuckets: readBuckets(),
    siblingUrl: urls.sibling,
    setting,
  };
}

interface OwnObjects {
  readonly bucket: BucketName;
  readonly objects: Objects;
  readonly meter: Meter;
}

/** Without a reader role, the function reads with its own permissions. */
function objectsForPartitions(services: Services, { bucket, objects, meter }: OwnObjects): ObjectsFor {
  const role = environment[ENVIRONMENT_NAMES.readerRole];
  if (role === undefined) return () => objects;
  const sessions = readerSessions({ services, role, bucket, objects: s3Objects(services.s3, bucket) });
  return (partition) => meteredObjects(sessions(partition), meter, jobOfObject);
}

/** Empty if the stack sets no names. */
function readBuckets(): BucketName[] {
  return readJsonVariable('readBuckets', v.array(v.string()), environment, []).map(parseBucketName);
}

/** Returns only the queues that the stack passed to this function. */
function queueUrls() {
  const split = environment[ENVIRONMENT_NAMES.splitQueue];
  const results = environment[ENVIRONMENT_NAMES.resultsQueue];
  const reports = environment[ENVIRONMENT_NAMES.reportsQueue];
  const unroutable = environment[ENVIRONMENT_NAMES.unroutableQueue];
  const sibling = unroutable ?? split ?? results ?? reports ?? '';
  const workers = readJsonVariable('workerQueues', workerQueueNames, environment, {});
  return {
    ...omitUndefined({ split, results, reports, unroutable }),
    workers: Object.fromEntries(
      Object.entries(workers).map(([worker, queue]) => [worker, siblingOf(sibling, queue)]),
    ),
    sibling,
  };
}
