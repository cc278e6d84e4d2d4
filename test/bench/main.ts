/**
 * `npm run bench [-- --only documents|lists|fan-out]`: measures on its own emulator. Each figure is compared
 * with a reference measured in the same run. The last line is one JSON object.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { deployStack } from '../../localstack/deployment.ts';
import { developmentKey } from '../../localstack/development-key.ts';
import { restBase } from '../../localstack/emulator/emulator.ts';
import { startEmulator } from '../../localstack/emulator/ministack.ts';
import { localClient } from '../../localstack/local-aws.ts';
import { signToken } from '../../localstack/token.ts';
import { measureDocuments } from './documents.ts';
import { measureFanOut } from './fan-out.ts';
import { measureLists } from './listing.ts';
import type { Service } from './service.ts';

const MEASUREMENTS = ['lists', 'fan-out', 'documents'] as const;
type Measurement = (typeof MEASUREMENTS)[number];

const { only } = parseArgs({ options: { only: { type: 'string' } } }).values;
if (only !== undefined && !MEASUREMENTS.some((name) => name === only)) {
  throw new Error(`--only '${only}' is none of ${MEASUREMENTS.join(', ')}`);
}
const isSelected = (name: Measurement) => only === undefined || only === name;

const stateDir = mkdtempSync(join(tmpdir(), 'jobtree-bench-'));
const emulator = await startEmulator({ name: 'bench', port: 0, stateDir });
try {
  const { endpoint } = emulator;
  const outputs = await deployStack({ endpoint, stateDir });
  const service: Service = {
    url: restBase({ kind: 'ministack', endpoint }, outputs['ApiId'] ?? ''),
    token: signToken({ partitions: ['*'], role: 'operator' }, developmentKey()),
  };
  const measurements: Record<string, unknown> = {};
  if (isSelected('lists')) {
    const dynamo = new DynamoDBClient(localClient(endpoint));
    measurements['lists'] = await measureLists(service, dynamo, outputs['TableName'] ?? '');
  }
  if (isSelected('fan-out')) {
    const bare = await deployStack({
      endpoint,
      stateDir: join(stateDir, 'bare'),
      stackName: 'jobtree-bare',
      appDir: join(import.meta.dirname, 'bare'),
    });
    const sqs = new SQSClient(localClient(endpoint));
    Object.assign(measurements, await measureFanOut(service, sqs, bare['QueueUrl'] ?? ''));
  }
  if (isSelected('documents'))
    measurements['documents'] = await measureDocuments(service, new SFNClient(localClient(endpoint)));
  console.log(JSON.stringify(measurements));
} finally {
  await emulator.stop();
  rmSync(stateDir, { recursive: true, force: true });
}
