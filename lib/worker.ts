import { resolve } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Architecture, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { PackageFile } from '../functions/workers/documents/package-files.ts';
import type { BundleEntry } from './bundle.ts';
import { type DefinitionExport, definitionExport, importOf, type WorkerDefinition } from './definition.ts';
import type { Schema } from './registry.ts';

interface QueueProps {
  /** Maximum number of messages in one invocation, 1 to 10,000. Each message is a chunk. @default 10 */
  readonly batchSize?: number;
  /** Maximum number of concurrent invocations, 2 to 1000. @default - the limit of the job service */
  readonly maxConcurrency?: number;
}

export interface WorkerProps extends QueueProps {
  /** One sentence, shown by `GET /workers`. */
  readonly description: string;
  /** Schema of the job's `parameters`. */
  readonly parameters: Schema;
  /**
   * Typical duration of a chunk divided by its items, in seconds. Jobs that state no `itemsPerTask` get chunks of about
   * 4 seconds. @default - chunks have 25 items
   */
  readonly secondsPerItem?: number;
}

interface FunctionProps {
  /** @default 1 minute */
  readonly timeout?: Duration;
  /** Mebibytes. @default 512 */
  readonly memorySize?: number;
  /** Files of dependencies to include next to the code: fonts, WebAssembly. @default - none */
  readonly packageFiles?: readonly PackageFile[];
  /** Environment variables, in addition to those of every worker. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Permissions, in addition to those of every worker. @default none */
  readonly statements?: readonly PolicyStatement[];
}

/** A container image of the function, with programs that Lambda does not have. */
export interface WorkerImage {
  /** The Dockerfile and the files that it copies, by their paths beside the code. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly architecture: Architecture;
  readonly temporaryMebibytes: number;
}

/** A file that exports a worker made with `defineWorker`. */
export interface DefinedWorkerProps extends QueueProps, FunctionProps {
  /** The worker that the file exports; provides its description and schema. */
  readonly worker: WorkerDefinition;
  /** Name of the export. @default - the worker's name in camel case */
  readonly exportName?: string;
  /** One sentence, shown by `GET /workers`. @default - the worker's description */
  readonly description?: string;
  /** Typical duration of a chunk divided by its items, in seconds. @default - that of the worker */
  readonly secondsPerItem?: number;
}

/** A file that exports its own `handler`. */
export interface HandlerWorkerProps extends WorkerProps, FunctionProps {
  readonly worker?: never;
}

interface WorkerOptions extends WorkerProps {
  readonly batchSize: number;
  readonly timeout: Duration;
}

type WorkerCode =
  | {
      /** `name` is the name under which the app registers the worker. */
      readonly entry: (name: string) => BundleEntry;
      readonly memorySize: number;
      readonly packageFiles: readonly PackageFile[];
      readonly environment: Readonly<Record<string, string>>;
      readonly statements: readonly PolicyStatement[];
      readonly image: WorkerImage | undefined;
    }
  | { readonly function: LambdaFunction };

/** A worker of the job service: a file that jobtree bundles for Lambda, or an existing function. */
export class Worker {
  readonly options: WorkerOptions;
  readonly code: WorkerCode;

  private constructor(options: WorkerOptions, code: WorkerCode) {
    this.options = options;
    this.code = code;
  }

  /**
   * A TypeScript or JavaScript file that jobtree bundles. The path is relative to the folder of the app. The file exports
   * a worker made with `defineWorker`: pass it as `worker`. Or it exports a `handler` made with `lambdaHandler`: pass its
   * `description` and `parameters`.
   *
   * @example
   * new JobService(stack, 'Jobs', {
   *   workers: { shout: Worker.fromEntry('workers/shout.ts', { worker: shout }) },
   * });
   */
  static fromEntry(entry: string, props: DefinedWorkerProps | HandlerWorkerProps): Worker {
    if (props.worker === undefined) return Worker.#bundled(() => ({ file: resolve(entry) }), props);
    const { worker, exportName, description = worker.description, ...rest } = props;
    const { secondsPerItem = worker.secondsPerItem } = props;
    if (description === undefined) {
      throw new Error(
        `worker '${worker.name}' of ${entry} has no description; pass one to defineWorker or to Worker.fromEntry`,
      );
    }
    const code = definitionExport(entry, worker, exportName);
    const allProps = {
      ...rest,
      description,
      parameters: worker.parameters,
      ...omitUndefined({ secondsPerItem }),
    };
    return Worker.#bundled((name) => ({ source: handlerSource(code, name) }), allProps);
  }

  /** A worker included in jobtree. */
  static shipped(name: string, props: WorkerProps & FunctionProps, image?: WorkerImage): Worker {
    return Worker.#bundled(() => ({ own: name }), props, image);
  }

  /**
   * An existing function of the app, in any language. It gets the environment variables and permissions of a
   * worker. It must return the messages that failed as `batchItemFailures`.
   */
  static fromFunction(worker: LambdaFunction, props: WorkerProps): Worker {
    const { batchSize = 10 } = props;
    // Lambda's own default timeout.
    const timeout = worker.timeout ?? Duration.seconds(3);
    return new Worker({ ...props, batchSize, timeout }, { function: worker });
  }

  static #bundled(
    entry: (name: string) => BundleEntry,
    props: WorkerProps & FunctionProps,
    image?: WorkerImage,
  ): Worker {
    const { batchSize = 10, timeout = Duration.minutes(1), memorySize = 512 } = props;
    const { packageFiles = [], environment = {}, statements = [] } = props;
    const code = { entry, memorySize, packageFiles, environment, statements, image };
    return new Worker({ ...props, batchSize, timeout }, code);
  }
}

/** Source of the Lambda handler. The worker gets its registered name, which is also the name of its queue. */
function handlerSource(code: DefinitionExport, name: string): string {
  return [
    "import { lambdaHandler } from 'jobtree/worker';",
    importOf(code, 'worker'),
    `export const handler = lambdaHandler({ ...worker, name: ${JSON.stringify(name)} });`,
  ].join('\n');
}
