/** Connects the creation of jobs to AWS in a deployed function. */
import { readEnvironment } from '#contract/environment.ts';
import { parseBucketName } from '#core/object-address.ts';
import { s3Objects } from '../aws/objects.ts';
import { environment, jsonLog, systemClock, systemRandom } from '../aws/runtime.ts';
import { awsServices } from '../aws/services.ts';
import { stateMachines } from '../aws/state-machines.ts';
import { dynamoTable } from '../aws/table.ts';
import type { CreationPorts } from './ports.ts';
import { registryFile } from './registry.ts';

/** Returns the ports of the function's stack and the registry beside its bundle. */
export function deployedCreation(functionName: string): CreationPorts {
  const settings = readEnvironment(
    ['table', 'bucket', 'machines', 'machineRole', 'maxItems', 'idleLimit'],
    environment,
  );
  const { dynamo, s3, states } = awsServices();
  return {
    table: dynamoTable(dynamo, settings.table),
    objects: s3Objects(s3, parseBucketName(settings.bucket)),
    machines: stateMachines(states, settings.machines, settings.machineRole),
    registry: registryFile.parse(fileBeside('registry.json')),
    maxItems: Number(settings.maxItems),
    idleLimit: settings.idleLimit,
    clock: systemClock,
    random: systemRandom,
    log: jsonLog({ function: functionName }),
  };
}

/**
 * Returns the content of a JSON file that the stack placed beside the bundle. Returns `undefined` and raises an alarm
 * if the file is missing.
 */
export function fileBeside(name: string): unknown {
  try {
    // An import of node:fs would load all that it exports.
    const { readFileSync } = process.getBuiltinModule('node:fs');
    return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    jsonLog().alarm('a file of the deployment is missing', { name });
    return undefined;
  }
}
