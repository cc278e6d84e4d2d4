/** Measures on an emulator of its own, with the stack and the bare stack deployed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { deployStack } from '../../../localstack/deployment.ts';
import { developmentKey } from '../../../localstack/development-key.ts';
import { restBase } from '../../../localstack/emulator/emulator.ts';
import { startEmulator } from '../../../localstack/emulator/ministack.ts';
import { localClient } from '../../../localstack/local-aws.ts';
import { signToken } from '../../../localstack/token.ts';
import type { Row } from '../row.ts';
import { measureDocuments } from './documents.ts';
import { measureFanOut } from './fan-out.ts';
import { measureFreshness } from './freshness.ts';
import { measureLists } from './lists.ts';
import { measureMap } from './map.ts';
import type { Service } from './service.ts';

export const EMULATOR_MEASUREMENTS = ['freshness', 'lists', 'fan-out', 'map', 'documents'] as const;
type Name = (typeof EMULATOR_MEASUREMENTS)[number];

export async function* measureOnEmulator(names: readonly Name[]): AsyncGenerator<readonly Row[]> {
  const stateDir = mkdtempSync(join(tmpdir(), 'jobtree-bench-'));
  const emulator = await startEmulator({ name: 'bench', port: 0, stateDir });
  try {
    const { endpoint } = emulator;
    const outputs = await deployStack({ endpoint, stateDir });
    const service: Service = {
      url: restBase({ kind: 'ministack', endpoint }, outputs['ApiId'] ?? ''),
      token: signToken({ partitions: ['*'], role: 'operator' }, developmentKey()),
    };
    const settings = localClient(endpoint);
    const sfn = new SFNClient(settings);
    const measure: Readonly<Record<Name, () => Promise<readonly Row[]>>> = {
      freshness: () => measureFreshness(service),
      lists: () => measureLists(service, new DynamoDBClient(settings), outputs['TableName'] ?? ''),
      'fan-out': async () => {
        const bare = await deployStack({
          endpoint,
          stateDir: join(stateDir, 'bare'),
          stackName: 'jobtree-bare',
          appDir: join(import.meta.dirname, 'bare'),
        });
        return measureFanOut(service, new SQSClient(settings), bare['QueueUrl'] ?? '');
      },
      map: () => measureMap(service, sfn),
      documents: () => measureDocuments(service, sfn),
    };
    for (const name of names) yield await measure[name]();
  } finally {
    await emulator.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
}
