/** Connects the API to AWS in its deployed function. */
import { readEnvironment } from '#contract/environment.ts';
import { parseBucketName } from '#core/object-address.ts';
import { cloudWatchMonitor } from '../aws/monitor.ts';
import { lazyPresigner } from '../aws/presigner.ts';
import { sqsQueueDesk } from '../aws/queue-desk.ts';
import { sqsQueues } from '../aws/queues.ts';
import { environment } from '../aws/runtime.ts';
import { awsServices } from '../aws/services.ts';
import { stackQueues } from '../aws/stack-queues.ts';
import { deployedCreation, fileBeside } from '../creation/deployed-creation.ts';
import { type DeployedPorts, PRESIGNED_SECONDS } from './request.ts';

/** Returns the ports of the function's stack and the version of the package. */
export function deployedApi(functionName: string): DeployedPorts {
  const settings = readEnvironment(
    ['bucket', 'splitQueue', 'resultsQueue', 'queueNames', 'maxUploadBytes', 'stackName'],
    environment,
  );
  const { sqs, cloudWatch } = awsServices();
  const creation = deployedCreation(functionName);
  const { urls, desk } = stackQueues({
    names: settings.queueNames,
    split: settings.splitQueue,
    results: settings.resultsQueue,
    workers: creation.registry.workers.map(({ name }) => name),
  });
  return {
    ...creation,
    queues: sqsQueues(sqs, urls),
    queueDesk: sqsQueueDesk(sqs, desk),
    monitor: cloudWatchMonitor(cloudWatch, { stack: settings.stackName, queues: desk.urls }, creation.clock),
    presigner: lazyPresigner({
      bucket: parseBucketName(settings.bucket),
      expiresSeconds: PRESIGNED_SECONDS,
    }),
    flowQueues: { split: settings.splitQueue, results: settings.resultsQueue },
    maxUploadBytes: Number(settings.maxUploadBytes),
    version: String(fileBeside('version.json') ?? 'unknown'),
  };
}
