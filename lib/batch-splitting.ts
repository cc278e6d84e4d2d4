import { resolve } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { OBJECT_AREAS } from '../functions/store/object-keys.ts';
import { type BundleEntry, projectFile } from './bundle.ts';
import { receiveFrom } from './event-sources.ts';
import { allowList, allowReadAll } from './job-bucket.ts';
import { JobFunction } from './job-function.ts';
import { type JobResources, PARTITION_AREAS, STATUS_CACHE_MILLIS } from './job-resources.ts';
import { allowReceive, allowSend } from './queue-with-dlq.ts';

/** The longest that Lambda runs: the longer a slice, the fewer continuations. */
export const SPLITTING_TIMEOUT = Duration.minutes(15);

/** What limits the bytes that are held at once (functions/split-batch/slices.ts) counts on it; measured by test/memory.test.ts. */
export const SPLITTING_MEMORY_MEBIBYTES = 1024;

/**
 * One: a batch that ends the function takes no neighbour with it, which would be hidden for six timeouts, and none
 * waits behind a long one. Split messages are few (docs/decisions/0023).
 */
const BATCH_SIZE = 1;

const HANDLER = projectFile('functions/split-batch/handler.ts');
const SHIPPED = projectFile('functions/split-batch/splitters/index.ts');

export interface BatchSplittingProps {
  readonly resources: JobResources;
  /** Modules that export a `splitter`, by the name under which jobs use it. */
  readonly splitters: ReadonlyMap<string, string>;
}

/** Split queue → split-batch → worker queues, and the split queue again for smaller batches. */
export class BatchSplitting extends Construct {
  readonly function: JobFunction;

  constructor(scope: Construct, id: string, { resources, splitters }: BatchSplittingProps) {
    super(scope, id);
    const { table, bucket, queues, templates, readBuckets, maxItems, maxConcurrency, web } = resources;
    const workerQueues = [...queues.workers.values()].map(({ queue }) => queue);
    this.function = new JobFunction(this, 'SplitBatch', {
      name: 'split-batch',
      description: 'translates batches into smaller ones and into chunks for workers',
      entry: splittingEntry(splitters),
      timeout: SPLITTING_TIMEOUT,
      memorySizeMebibytes: SPLITTING_MEMORY_MEBIBYTES,
      environment: {
        table: table.table.tableName,
        bucket: bucket.bucket.bucketName,
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
        bucket.allow(['GetObject'], [...OBJECT_AREAS, ...PARTITION_AREAS]),
        bucket.allow(['PutObject'], ['manifests', 'definitions', 'chunks', 'outcomes']),
        allowList(bucket.bucket),
        templates.allowAnswer(),
        ...allowReadAll(readBuckets),
      ],
    });
    receiveFrom(this.function, queues.split.queue, { batchSize: BATCH_SIZE, maxConcurrency });
  }
}

/** The handler as it is, or one made for it and the users' splitters. */
function splittingEntry(splitters: ReadonlyMap<string, string>): BundleEntry {
  if (splitters.size === 0) return HANDLER;
  const own = [...splitters].map(([name, entry], index) => ({
    name,
    entry: resolve(entry),
    as: `own${index}`,
  }));
  const lines = [
    `import { splitHandler } from ${JSON.stringify(HANDLER)};`,
    `import { shippedSplitters } from ${JSON.stringify(SHIPPED)};`,
    ...own.map(({ entry, as }) => `import { splitter as ${as} } from ${JSON.stringify(entry)};`),
    `const own = [${own.map(({ name, as }) => `{ ...${as}, name: ${JSON.stringify(name)} }`).join(', ')}];`,
    'export const handler = splitHandler([...shippedSplitters, ...own]);',
  ];
  return { source: lines.join('\n') };
}
