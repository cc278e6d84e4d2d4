import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { LEASE_FILES, receiveFrom } from './event-sources.ts';
import { allowList } from './job-bucket.ts';
import {
  environmentVariables,
  type FunctionEnvironment,
  JobFunction,
  type JobFunctionProps,
} from './job-function.ts';
import { type JobResources, STATUS_CACHE_MILLIS } from './job-resources.ts';
import { allowReceive, allowSend } from './queue-with-dlq.ts';
import { allowReading, readingEnvironment } from './reading-access.ts';
import type { Worker, WorkerImage } from './worker.ts';

export interface WorkersProps {
  readonly resources: JobResources;
  readonly workers: ReadonlyMap<string, Worker>;
}

/** Each worker's queue → the worker → reports queue, and its own queue again for items to retry. */
export class Workers extends Construct {
  readonly functions: ReadonlyMap<string, LambdaFunction>;

  constructor(scope: Construct, id: string, { resources, workers }: WorkersProps) {
    super(scope, id);
    this.functions = new Map(
      [...workers].map(([name, worker]) => [name, this.#start(name, worker, resources)]),
    );
  }

  /** Returns the functions that jobtree created. */
  get userSplitters(): JobFunction[] {
    return [...this.functions.values()].filter((worker) => worker instanceof JobFunction);
  }

  #start(name: string, { options, code }: Worker, resources: JobResources): LambdaFunction {
    const environment = {
      ...environmentOf(name, resources),
      ...readingEnvironment(this, resources),
    };
    const statements = statementsOf(name, resources);
    const { queue } = resources.queues.worker(name);
    const worker =
      'entry' in code
        ? new JobFunction(this, name, {
            name,
            description: options.description,
            entry: code.entry(name),
            processes: LEASE_FILES,
            packageFiles: code.packageFiles,
            timeout: options.timeout,
            memorySizeMebibytes: code.memorySize,
            ...imageProps(code.image),
            environment,
            variables: code.environment,
            statements: [...statements, ...code.statements],
          })
        : addWorkerAccess(code.function, environment, statements);
    const { batchSize, maxConcurrency = resources.maxConcurrency } = options;
    receiveFrom(worker, queue, { batchSize, maxConcurrency });
    return worker;
  }
}

function imageProps(image: WorkerImage | undefined): Partial<JobFunctionProps> {
  if (image === undefined) return {};
  const { files, ...rest } = image;
  return { isImage: true, otherFiles: files, ...rest };
}

/** Adds the variables and permissions of a worker to an existing function. */
function addWorkerAccess(
  worker: LambdaFunction,
  environment: FunctionEnvironment,
  statements: readonly PolicyStatement[],
): LambdaFunction {
  for (const [key, value] of Object.entries(environmentVariables(environment)))
    worker.addEnvironment(key, value);
  for (const statement of statements) worker.addToRolePolicy(statement);
  return worker;
}

function environmentOf(name: string, { table, bucket, queues, web }: JobResources): FunctionEnvironment {
  return {
    table: table.table.tableName,
    bucket: bucket.bucket.bucketName,
    reportsQueue: queues.reports.queue.queueUrl,
    workerQueues: queues.workerQueues([name]),
    statusCacheMillis: STATUS_CACHE_MILLIS,
    web: JSON.stringify(web),
  };
}

function statementsOf(name: string, resources: JobResources): PolicyStatement[] {
  const { table, bucket, queues } = resources;
  const { queue } = queues.worker(name);
  return [
    allowReceive(queue),
    allowSend(queue, queues.reports.queue),
    table.allowReadStatus(),
    bucket.allow(['GetObject'], ['chunks', 'definitions', 'marks', 'outcomes']),
    bucket.allow(['PutObject'], ['chunks', 'marks', 'outputs']),
    bucket.allowSpilledOutcomes(),
    bucket.allow(['DeleteObject'], ['marks']),
    bucket.allow(['AbortMultipartUpload'], ['outputs']),
    allowList(bucket.bucket),
    ...allowReading(resources),
  ];
}
