/** What the code of the API works with in a deployed function: the stack's ports, and the files beside the bundle. */
import { readFileSync } from 'node:fs';
import { readEnvironment } from '#contract/env.ts';
import { parseBucketName } from '#core/object-address.ts';
import packageFile from '../../package.json' with { type: 'json' };
import { s3Objects } from '../aws/objects.ts';
import { presignGet, presignPut } from '../aws/presign.ts';
import { awsClients, environment, jsonLog, systemClock, systemRandom } from '../aws/runtime.ts';
import { stateMachines } from '../aws/state-machines.ts';
import { dynamoTable } from '../aws/table.ts';
import { registryFile } from '../creation/registry.ts';
import type { ApiDependencies } from './api.ts';
import { PRESIGNED_SECONDS } from './request.ts';

/** What a deployment decides about requests from outside, which not every user of the API's code takes. */
type OfRequests = 'issuers' | 'rateLimits' | 'maxUploadBytes';

export function deployedApi(functionName: string): Omit<ApiDependencies, OfRequests> {
  const settings = readEnvironment(
    ['table', 'bucket', 'machines', 'machineRole', 'splitQueue', 'resultsQueue', 'maxItems', 'idleLimit'],
    environment,
  );
  const { table } = settings;
  const bucket = parseBucketName(settings.bucket);
  const { dynamo, s3 } = awsClients();
  const signing = { bucket, expiresSeconds: PRESIGNED_SECONDS };
  return {
    table: dynamoTable(dynamo, table),
    objects: s3Objects(s3, bucket),
    presigner: {
      put: (key, upload) => presignPut(s3, { ...signing, key, ...upload }),
      get: (key, filename) => presignGet(s3, { ...signing, key, filename }),
    },
    machines: stateMachines(settings.machines, settings.machineRole),
    flowQueues: { split: settings.splitQueue, results: settings.resultsQueue },
    maxItems: Number(settings.maxItems),
    idleLimit: settings.idleLimit,
    clock: systemClock,
    random: systemRandom,
    log: jsonLog({ function: functionName }),
    registry: registryFile.parse(fileBeside('registry.json')),
    version: packageFile.version,
  };
}

/** A file that the stack laid beside the bundle; `undefined`, and an alarm, where it is missing. */
export function fileBeside(name: string): unknown {
  try {
    return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    jsonLog().alarm('a file of the deployment is missing', { name });
    return undefined;
  }
}
