/**
 * `npm run bench`: measures on an emulator of its own, each figure beside something it can be compared with, taken in
 * the same run. The last line is one JSON object.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { deployStack } from '../../localstack/deployment.ts';
import { developmentKey } from '../../localstack/development-key.ts';
import { restBase } from '../../localstack/emulator.ts';
import { localClient } from '../../localstack/local-aws.ts';
import { startEmulator } from '../../localstack/ministack.ts';
import { signToken } from '../../localstack/token.ts';
import { measureFanOut } from './fan-out.ts';
import { measureLists } from './listing.ts';
import type { Service } from './service.ts';

const stateDir = mkdtempSync(join(tmpdir(), 'jobtree-bench-'));
const emulator = await startEmulator({ name: 'bench', port: 0, stateDir });
try {
  const { endpoint } = emulator;
  const outputs = await deployStack({ endpoint, stateDir });
  const bare = await deployStack({
    endpoint,
    stateDir: join(stateDir, 'bare'),
    stackName: 'jobtree-bare',
    appDir: join(import.meta.dirname, 'bare'),
  });
  const service: Service = {
    url: restBase({ kind: 'ministack', endpoint }, outputs['ApiId'] ?? ''),
    token: signToken({ partitions: ['*'], role: 'operator' }, developmentKey()),
  };
  const dynamo = new DynamoDBClient(localClient(endpoint));
  const lists = await measureLists(service, dynamo, outputs['TableName'] ?? '');
  const fanOut = await measureFanOut(service, new SQSClient(localClient(endpoint)), bare['QueueUrl'] ?? '');
  console.log(JSON.stringify({ ...fanOut, lists }));
} finally {
  await emulator.stop();
  rmSync(stateDir, { recursive: true, force: true });
}
