import { readFileSync } from 'node:fs';
import { DEVELOPMENT_ISSUER } from '#contract/claims.ts';
import { readEnvironment } from '#contract/env.ts';
import packageFile from '../../package.json' with { type: 'json' };
import { s3Objects } from '../aws/objects.ts';
import { presignGet, presignPut } from '../aws/presign.ts';
import { awsClients, environment, jsonLog, systemClock, systemRandom } from '../aws/runtime.ts';
import { stateMachines } from '../aws/state-machines.ts';
import { dynamoTable } from '../aws/table.ts';
import { createApi } from './api.ts';
import { registryFile } from './registry.ts';
import { PRESIGNED_SECONDS } from './request.ts';
import { tokenIssuers } from './token-verifier.ts';

const settings = readEnvironment(
  ['table', 'bucket', 'machines', 'machineRole', 'splitQueue', 'resultsQueue'],
  environment,
);
const { table, bucket } = settings;
const { dynamo, s3 } = awsClients();
const log = jsonLog({ function: 'jobs-api' });
const signing = { bucket, expiresSeconds: PRESIGNED_SECONDS };

export const handler = createApi({
  table: dynamoTable(dynamo, table),
  objects: s3Objects(s3, bucket),
  presigner: {
    put: (key, contentType) => presignPut(s3, { ...signing, key, ...(contentType && { contentType }) }),
    get: (key, filename) => presignGet(s3, { ...signing, key, filename }),
  },
  machines: stateMachines(settings.machines, settings.machineRole),
  flowQueues: { split: settings.splitQueue, results: settings.resultsQueue },
  clock: systemClock,
  random: systemRandom,
  log,
  issuers: acceptedIssuers(tokenIssuers.parse(fileBeside('auth.json') ?? [])),
  registry: registryFile.parse(fileBeside('registry.json')),
  version: packageFile.version,
});

/** A build made for an emulator and deployed elsewhere by mistake must not let its development key in. */
function acceptedIssuers(issuers: ReturnType<typeof tokenIssuers.parse>) {
  const isEmulator = environment['AWS_ENDPOINT_URL'] !== undefined;
  return issuers.filter(({ issuer }) => isEmulator || issuer !== DEVELOPMENT_ISSUER);
}

/** A file that the stack laid beside the bundle. Without auth.json every token is refused. */
function fileBeside(name: string): unknown {
  try {
    return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    log.alarm('a file of the deployment is missing', { name });
    return undefined;
  }
}
