import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { AllowedFunctions, AllowedName, AllowedSecrets } from '#contract/allow-lists.ts';
import { idProblem } from '#contract/ids.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import {
  extractTextDescription,
  extractTextParameters,
} from '../functions/workers/documents/extract-text/parameters.ts';
import {
  mergePdfDescription,
  mergePdfParameters,
} from '../functions/workers/documents/merge-pdf/parameters.ts';
import { LAYOUT_FONTS, MAGICK, PDFIUM } from '../functions/workers/documents/package-files.ts';
import { toPdfDescription, toPdfParameters } from '../functions/workers/documents/to-pdf/parameters.ts';
import { toTiffDescription, toTiffParameters } from '../functions/workers/documents/to-tiff/parameters.ts';
import { exportZipDescription, exportZipParameters } from '../functions/workers/export-zip/parameters.ts';
import { httpDescription, httpParameters } from '../functions/workers/http/parameters.ts';
import {
  invokeLambdaDescription,
  invokeLambdaParameters,
} from '../functions/workers/invoke-lambda/parameters.ts';
import { rehearseDescription, rehearseParameters } from '../functions/workers/rehearse/parameters.ts';
import { tagDescription, tagParameters } from '../functions/workers/tag/parameters.ts';
import { unzipDescription, unzipParameters } from '../functions/workers/unzip/parameters.ts';
import { fontsOf } from './document-fonts.ts';
import { environmentVariables } from './job-function.ts';
import { type OfficeToPdfProps, officeWorkers } from './office-worker.ts';
import { type HandlerWorkerProps, Worker } from './worker.ts';

/** A secret that jobs may use by name. */
export interface HttpSecret {
  /** Its value is a JSON object of headers, such as `{"Authorization": "Bearer …"}`. */
  readonly secret: ISecret;
  /** The only servers that receive the headers, such as `https://api.example.com`. */
  readonly origins: readonly string[];
  /** The only partitions whose jobs may use it. @default - all */
  readonly partitions?: readonly string[];
}

/** A function that only jobs of some partitions may call. */
export interface InvokableFunction {
  readonly function: IFunction;
  /** The only partitions whose jobs may call it. @default - all */
  readonly partitions?: readonly string[];
}

export interface ShippedWorkersProps {
  readonly documents?: boolean;
  readonly officeToPdf?: boolean | OfficeToPdfProps;
  readonly local?: boolean;
  readonly documentFonts?: readonly string[];
  readonly httpSecrets?: Readonly<Record<string, HttpSecret>>;
  readonly invokableFunctions?: Readonly<Record<string, IFunction | InvokableFunction>>;
}

/** From this size on, Lambda provides a full vCPU. */
const WHOLE_PROCESSOR = 1769;

/** Returns the workers included in the service; document workers only on request. */
export function shippedWorkers(props: ShippedWorkersProps = {}): ReadonlyMap<string, Worker> {
  return new Map([
    ...(props.documents === true ? documentWorkers(props.documentFonts ?? []) : []),
    ...officeWorkers(props),
    shipped('export-zip', {
      description: exportZipDescription,
      parameters: exportZipParameters,
      secondsPerItem: 4,
      batchSize: 1,
      // An archive is written within one run.
      timeout: Duration.minutes(15),
      memorySize: WHOLE_PROCESSOR,
    }),
    shipped('http', {
      description: httpDescription,
      parameters: httpParameters,
      timeout: Duration.minutes(5),
      ...secretsOf(props.httpSecrets ?? {}),
    }),
    shipped('invoke-lambda', {
      description: invokeLambdaDescription,
      parameters: invokeLambdaParameters,
      // Equals the maximum run time of the Lambda functions that it waits for.
      timeout: Duration.minutes(15),
      ...functionsOf(props.invokableFunctions ?? {}),
    }),
    shipped('rehearse', { description: rehearseDescription, parameters: rehearseParameters }),
    shipped('tag', { description: tagDescription, parameters: tagParameters }),
    shipped('unzip', {
      description: unzipDescription,
      parameters: unzipParameters,
      secondsPerItem: 2,
      batchSize: 1,
      timeout: Duration.minutes(15),
      memorySize: WHOLE_PROCESSOR,
    }),
  ]);
}

/**
 * They read untrusted documents. Each document uses a vCPU for seconds, and may use its whole time limit. The seconds an item
 * are those of 67 reports, web pages and letters on two processors, about doubled for the one of a function.
 */
function documentWorkers(fontFiles: readonly string[]): [string, Worker][] {
  const memorySize = WHOLE_PROCESSOR;
  const fonts = fontsOf(fontFiles);
  const pdfMaker = {
    memorySize,
    packageFiles: [...LAYOUT_FONTS, MAGICK, ...fonts],
    ...(fonts.length > 0 && {
      environment: environmentVariables({ documentFonts: JSON.stringify(fonts.map(({ name }) => name)) }),
    }),
  };
  return [
    shipped('extract-text', {
      description: extractTextDescription,
      parameters: extractTextParameters,
      secondsPerItem: 0.1,
      batchSize: 5,
      timeout: Duration.minutes(5),
      memorySize,
      packageFiles: [PDFIUM],
    }),
    shipped('to-pdf', {
      description: toPdfDescription,
      parameters: toPdfParameters,
      secondsPerItem: 0.2,
      batchSize: 5,
      timeout: Duration.minutes(5),
      ...pdfMaker,
    }),
    shipped('merge-pdf', {
      description: mergePdfDescription,
      parameters: mergePdfParameters,
      secondsPerItem: 1,
      batchSize: 2,
      timeout: Duration.minutes(5),
      ...pdfMaker,
    }),
    shipped('to-tiff', {
      description: toTiffDescription,
      parameters: toTiffParameters,
      secondsPerItem: 0.5,
      batchSize: 1,
      timeout: Duration.minutes(10),
      memorySize,
      packageFiles: [PDFIUM, MAGICK],
    }),
  ];
}

function shipped(name: string, props: HandlerWorkerProps): [string, Worker] {
  return [name, Worker.shipped(name, props)];
}

type Allowed = Pick<HandlerWorkerProps, 'environment' | 'statements'>;

function secretsOf(secrets: Readonly<Record<string, HttpSecret>>): Allowed {
  const secretEntries = Object.entries(secrets);
  if (secretEntries.length === 0) return {};
  for (const [name, { origins, partitions }] of secretEntries) {
    checkOrigins(name, origins);
    checkPartitions(`secret '${name}'`, partitions);
  }
  const list: AllowedSecrets = Object.fromEntries(
    secretEntries.map(([name, { secret, origins, partitions }]) => [
      name,
      { arn: secret.secretArn, origins, ...partitionLimit(partitions) },
    ]),
  );
  const keys = secretEntries.flatMap(([, { secret }]) =>
    secret.encryptionKey ? [secret.encryptionKey.keyArn] : [],
  );
  return {
    environment: environmentVariables({ secrets: JSON.stringify(list) }),
    statements: [
      new PolicyStatement({
        actions: ['secretsmanager:GetSecretValue'],
        // The ARN of a secret referenced by name lacks the six characters at the end.
        resources: secretEntries.map(
          ([, { secret }]) => secret.secretFullArn ?? `${secret.secretArn}-??????`,
        ),
      }),
      ...(keys.length === 0 ? [] : [new PolicyStatement({ actions: ['kms:Decrypt'], resources: keys })]),
    ],
  };
}

function checkOrigins(name: string, origins: readonly string[]): void {
  for (const origin of origins) {
    if (URL.canParse(origin) && new URL(origin).origin === origin) continue;
    throw new Error(
      `origin '${origin}' of secret '${name}' is not allowed; use the form https://api.example.com, without a path`,
    );
  }
  if (origins.length === 0)
    throw new Error(`secret '${name}' has no origins, so no server could receive it; list at least one`);
}

type Functions = NonNullable<ShippedWorkersProps['invokableFunctions']>;

function functionsOf(functions: Functions): Allowed {
  const secretEntries = Object.entries(functions).map(([name, each]) => [name, asInvokable(each)] as const);
  if (secretEntries.length === 0) return {};
  for (const [name, { partitions }] of secretEntries) checkPartitions(`function '${name}'`, partitions);
  const list: AllowedFunctions = Object.fromEntries(
    secretEntries.map(([name, { function: target, partitions }]) => [
      name,
      { arn: target.functionArn, ...partitionLimit(partitions) },
    ]),
  );
  const resources = Object.values(list).map(({ arn }) => arn);
  return {
    environment: environmentVariables({ functions: JSON.stringify(list) }),
    statements: [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources })],
  };
}

function asInvokable(secretEntries: Functions[string]): InvokableFunction {
  return 'functionArn' in secretEntries ? { function: secretEntries } : secretEntries;
}

function partitionLimit(partitions: readonly string[] | undefined): AllowedName {
  return omitUndefined({ partitions });
}

function checkPartitions(what: string, partitions: readonly string[] | undefined): void {
  if (partitions?.length === 0) {
    throw new Error(`${what} has no partitions, so no job could use it; leave partitions out to allow all`);
  }
  for (const partition of partitions ?? []) {
    const problem = idProblem('partition', partition);
    if (problem !== undefined) throw new Error(`partition '${partition}' of ${what}: ${problem}`);
  }
}

/** Returns the names that the API checks when a job is created. */
export function allowedNames({ httpSecrets = {}, invokableFunctions = {} }: ShippedWorkersProps) {
  const namesOf = (entries: readonly (readonly [string, AllowedName])[]) =>
    Object.fromEntries(entries.map(([name, { partitions }]) => [name, partitionLimit(partitions)]));
  return {
    secrets: namesOf(Object.entries(httpSecrets)),
    functions: namesOf(Object.entries(invokableFunctions).map(([name, each]) => [name, asInvokable(each)])),
  };
}
