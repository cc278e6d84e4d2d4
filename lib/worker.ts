import { resolve } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { FONT, type PackageFile, PDFIUM } from '../functions/documents/package-files.ts';
import { extractTextDescription, extractTextParameters } from '../functions/extract-text/parameters.ts';
import { mergePdfDescription, mergePdfParameters } from '../functions/merge-pdf/parameters.ts';
import { rehearseDescription, rehearseParameters } from '../functions/rehearse/parameters.ts';
import { toPdfDescription, toPdfParameters } from '../functions/to-pdf/parameters.ts';
import { toTiffDescription, toTiffParameters } from '../functions/to-tiff/parameters.ts';
import { projectFile } from './bundle.ts';
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
    const code = { entry: resolve(entry), memorySize, packageFiles: props.packageFiles ?? [] };
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

/** Lambda gives a whole processor from here on. */
const WHOLE_PROCESSOR = 1769;

/** The workers that are always there. */
export function shippedWorkers(): ReadonlyMap<string, Worker> {
  return new Map([...documentWorkers(), ['rehearse', rehearseWorker()]]);
}

/** They read what others made: each document costs a processor for seconds, and may cost all of its time limit. */
function documentWorkers(): [string, Worker][] {
  return [
    [
      'extract-text',
      Worker.fromEntry(projectFile('functions/extract-text/handler.ts'), {
        description: extractTextDescription,
        parameters: extractTextParameters,
        batchSize: 5,
        timeout: Duration.minutes(5),
        memorySize: WHOLE_PROCESSOR,
      }),
    ],
    [
      'to-pdf',
      Worker.fromEntry(projectFile('functions/to-pdf/handler.ts'), {
        description: toPdfDescription,
        parameters: toPdfParameters,
        batchSize: 5,
        timeout: Duration.minutes(5),
        memorySize: WHOLE_PROCESSOR,
        packageFiles: [FONT],
      }),
    ],
    [
      'merge-pdf',
      Worker.fromEntry(projectFile('functions/merge-pdf/handler.ts'), {
        description: mergePdfDescription,
        parameters: mergePdfParameters,
        batchSize: 2,
        timeout: Duration.minutes(5),
        memorySize: WHOLE_PROCESSOR,
        packageFiles: [FONT],
      }),
    ],
    [
      'to-tiff',
      Worker.fromEntry(projectFile('functions/to-tiff/handler.ts'), {
        description: toTiffDescription,
        parameters: toTiffParameters,
        batchSize: 1,
        timeout: Duration.minutes(10),
        memorySize: WHOLE_PROCESSOR,
        packageFiles: [PDFIUM],
      }),
    ],
  ];
}

function rehearseWorker(): Worker {
  return Worker.fromEntry(projectFile('functions/rehearse/handler.ts'), {
    description: rehearseDescription,
    parameters: rehearseParameters,
  });
}
