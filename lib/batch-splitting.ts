import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { BundleEntry } from './bundle.ts';
import { importOf } from './definition.ts';
import { LEASE_FILES, receiveFrom } from './event-sources.ts';
import { allowList } from './job-bucket.ts';
import { JobFunction } from './job-function.ts';
import { type JobResources, STATUS_CACHE_MILLIS } from './job-resources.ts';
import { SPLIT_MODULE } from './own-code.ts';
import { allowReceive, allowSend } from './queue-with-dlq.ts';
import { allowReading, readingEnvironment } from './reading-access.ts';
import type { Splitter } from './splitter.ts';

/** Lambda's maximum. Longer slices need fewer continuations. */
export const SPLITTING_TIMEOUT = Duration.minutes(15);

/** Areas of the objects that splitting itself reads, for jobs of every partition. */
const OWN_AREAS = ['requests', 'manifests', 'definitions', 'chunks', 'outcomes'];

/**
 * The limit on bytes in memory (functions/split-batch/slices.ts) depends on this value. test/memory.test.ts
 * measures it.
 */
export const SPLITTING_MEMORY_MEBIBYTES = 1024;

/**
 * One message, so that a batch that crashes the function does not hide another one for six timeouts, and none
 * waits for a long one. Split messages are few (docs/explanation/decisions/0023).
 */
const BATCH_SIZE = 1;

export interface BatchSplittingProps {
  readonly resources: JobResources;
  /** The user's splitters, by the names that jobs use. */
  readonly splitters: ReadonlyMap<string, Splitter>;
}

/** Split queue → split-batch → worker queues, and the split queue again for smaller batches. */
export class BatchSplitting extends Construct {
  readonly function: JobFunction;

  constructor(scope: Construct, id: string, { resources, splitters }: BatchSplittingProps) {
    super(scope, id);
    const { table, bucket, queues, templates, maxItems, maxConcurrency, web } = resources;
    const workerQueues = [...queues.workers.values()].map(({ queue }) => queue);
    this.function = new JobFunction(this, 'SplitBatch', {
      name: 'split-batch',
      description: 'splits batches into smaller batches and into chunks for workers',
      entry: splittingEntry(splitters),
      processes: LEASE_FILES,
      timeout: SPLITTING_TIMEOUT,
      memorySizeMebibytes: SPLITTING_MEMORY_MEBIBYTES,
      environment: {
        table: table.table.tableName,
        bucket: bucket.bucket.bucketName,
        ...readingEnvironment(this, resources),
        splitQueue: queues.split.queue.queueUrl,
        resultsQueue: queues.results.queue.queueUrl,
        unroutableQueue: queues.unroutable.queue.queueUrl,
        workerQueues: queues.workerQueues(),
        maxItems: String(maxItems),
        machines: templates.address,
        statusCacheMillis: STATUS_CACHE_MILLIS,
        web: JSON.stringify(web),
      },
      statements: [
        allowReceive(queues.split.queue),
        allowSend(queues.split.queue, queues.results.queue, queues.unroutable.queue, ...workerQueues),
        table.allow('GetItem', 'PutItem', 'Query', 'UpdateItem'),
        bucket.allow(['GetObject'], OWN_AREAS),
        bucket.allow(['PutObject'], ['manifests', 'definitions', 'chunks', 'outputs']),
        bucket.allow(['AbortMultipartUpload'], ['outputs']),
        bucket.allowSpilledOutcomes(),
        allowList(bucket.bucket),
        templates.allowAnswer(),
        ...allowReading(resources),
      ],
    });
    receiveFrom(this.function, queues.split.queue, { batchSize: BATCH_SIZE, maxConcurrency });
  }
}

/** Returns the function of jobtree, or one generated for the user's splitters. */
function splittingEntry(splitters: ReadonlyMap<string, Splitter>): BundleEntry {
  if (splitters.size === 0) return { own: 'split-batch' };
  const userSplitters = [...splitters].map(([name, { code }], index) => ({ name, code, as: `own${index}` }));
  const lines = [
    `import { splitHandler } from ${JSON.stringify(SPLIT_MODULE)};`,
    ...userSplitters.map(({ code, as }) => importOf(code, as)),
    `const own = [${userSplitters.map(({ name, as }) => `{ ...${as}, name: ${JSON.stringify(name)} }`).join(', ')}];`,
    'export const handler = splitHandler(own);',
  ];
  return { source: lines.join('\n') };
}
