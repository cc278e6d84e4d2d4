import { resolve } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { PackageFile } from '../functions/workers/documents/package-files.ts';
import type { Schema } from './registry.ts';

export interface WorkerProps {
  /** One sentence, shown by `GET /workers`. */
  readonly description: string;
  /** What a job may say in its `parameters`. */
  readonly parameters: Schema;
  /** Messages that one run takes, 1 to 10,000; each is a chunk. @default 10 */
  readonly batchSize?: number;
  /** Runs at a time, 2 to 1000. @default - that of the job service */
  readonly maxConcurrency?: number;
}

export interface EntryWorkerProps extends WorkerProps {
  /** @default 1 minute */
  readonly timeout?: Duration;
  /** Mebibytes. @default 512 */
  readonly memorySize?: number;
  /** Files of dependencies that lie beside the code: fonts, WebAssembly. @default - none */
  readonly packageFiles?: readonly PackageFile[];
  /** Beside those of every worker. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** What it may do beside what every worker may. @default nothing */
  readonly statements?: readonly PolicyStatement[];
}

interface WorkerOptions extends WorkerProps {
  readonly batchSize: number;
  readonly timeout: Duration;
}

type WorkerCode =
  | {
      readonly entry: string;
      readonly memorySize: number;
      readonly packageFiles: readonly PackageFile[];
      readonly environment: Readonly<Record<string, string>>;
      readonly statements: readonly PolicyStatement[];
    }
  | { readonly function: LambdaFunction };

/** What works on items: a file that the job service bundles and runs, or a function that is there already. */
export class Worker {
  readonly options: WorkerOptions;
  readonly code: WorkerCode;

  private constructor(options: WorkerOptions, code: WorkerCode) {
    this.options = options;
    this.code = code;
  }

  /** A TypeScript or JavaScript file that exports a `handler` made with `lambdaHandler`; relative to the app's folder. */
  static fromEntry(entry: string, props: EntryWorkerProps): Worker {
    const { batchSize = 10, timeout = Duration.minutes(1), memorySize = 512 } = props;
    const { packageFiles = [], environment = {}, statements = [] } = props;
    const code = { entry: resolve(entry), memorySize, packageFiles, environment, statements };
    return new Worker({ ...props, batchSize, timeout }, code);
  }

  /**
   * A function of the same app, in whatever language. It is given the variables and rights of a worker, and has to
   * answer which messages of a batch failed.
   */
  static fromFunction(worker: LambdaFunction, props: WorkerProps): Worker {
    const { batchSize = 10 } = props;
    // Lambda's own default, where the function does not say.
    const timeout = worker.timeout ?? Duration.seconds(3);
    return new Worker({ ...props, batchSize, timeout }, { function: worker });
  }
}
