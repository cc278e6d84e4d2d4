import middy from '@middy/core';
import type { ScheduledEvent } from 'aws-lambda';
import { readEnvironment } from '#contract/environment.ts';
import { type BucketName, parseBucketName } from '#core/object-address.ts';
import { s3Objects } from '../aws/objects.ts';
import { withSignal } from '../aws/queue-handler.ts';
import { environment } from '../aws/runtime.ts';
import { awsServices } from '../aws/services.ts';
import { deployedCreation } from '../creation/deployed-creation.ts';
import { reachablePorts } from '../creation/ports.ts';
import { scannedSourcesSchema, scanSources } from './scan-sources.ts';
import { storedJobs } from './stored-jobs.ts';

const settings = readEnvironment(['bucket', 'sources'], environment);
const sources = scannedSourcesSchema.parse(JSON.parse(settings.sources));
const creationPorts = reachablePorts(deployedCreation('scan-sources'));
const ports = {
  ...creationPorts,
  bucket: parseBucketName(settings.bucket),
  jobsOf: (partition: string) => storedJobs(partition, creationPorts),
  objectsOf: (bucket: BucketName) => s3Objects(awsServices().s3, bucket),
};

/** Runs each minute. Fails after scanning all sources if any of them failed, so that the failure is visible. */
export const handler = middy<ScheduledEvent, void>().handler(async (_event, context) =>
  withSignal(context, async (signal) => {
    const failed = await scanSources(sources, ports, () => signal.aborted);
    if (failed > 0) throw new Error(`${failed} sources could not be scanned; the next scan retries them`);
  }),
);
