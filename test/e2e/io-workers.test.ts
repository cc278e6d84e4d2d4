import { setTimeout as sleep } from 'node:timers/promises';
import { CreateFunctionCommand, GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, inject, test } from 'vitest';
import { awsFunctions } from '../../functions/aws/invoke-function.ts';
import { systemClock } from '../../functions/aws/runtime.ts';
import { awsSecrets } from '../../functions/aws/secrets.ts';
import { httpWorker } from '../../functions/workers/http/http-worker.ts';
import { invokeLambdaWorker } from '../../functions/workers/invoke-lambda/invoke-lambda-worker.ts';
import { localClient } from '../../localstack/local-aws.ts';
import { signedAt } from '../support/aws-services.ts';
import { aChunk, aRecord, memoryWorld, workerOn } from '../support/chunks.ts';
import { reportedOutcomes } from '../support/outcomes.ts';
import { webServer } from '../support/web-server.ts';
import { aZip } from '../support/zips.ts';
import { call, freshPartition, jobPath, pages, runBatch } from './rest.ts';

/** Servers of this machine are reached only by a service that runs on it. */
const isEmulated = inject('endpoint') !== '';

describe.runIf(isEmulated)('a server of the web', () => {
  test('returns the items of a list, and receives each of them', async () => {
    let refusals = 0;
    const server = await webServer(({ path, body }, response) => {
      const url = new URL(path, 'http://server');
      if (url.pathname === '/list') {
        const at = Number(url.searchParams.get('at') ?? 0);
        const rows = [0, 1, 2, 3, 4].map((n) => ({ key: `k${at + n}` }));
        return response.end(JSON.stringify({ rows, next: at < 20 ? at + 5 : null }));
      }
      if (url.pathname === '/in/k3') return response.writeHead(422).end('k3 is not wanted');
      if (url.pathname === '/in/k4' && refusals++ === 0) {
        return response.writeHead(429, { 'retry-after': '1' }).end();
      }
      response.setHeader('content-type', 'application/json');
      return response.end(JSON.stringify({ got: JSON.parse(body) }));
    });

    const { path, job } = await runBatch(freshPartition(), 'web', {
      splitter: 'query',
      definition: {
        url: `${server.url}/list`,
        itemsPath: 'rows',
        idPath: 'key',
        cursorPath: 'next',
        cursorParameter: 'at',
      },
      worker: 'http',
      parameters: { url: `${server.url}/in/{item.id}`, method: 'PUT', body: { key: '{item.payload.key}' } },
    });
    const items = await pages(`${path}/items`);
    await server.close();

    expect(job).toMatchObject({ status: 'Completed', items: { found: 25, succeeded: 24, failed: 1 } });
    expect(items.find(({ id }) => id === 'k7').output).toEqual({ status: 200, body: { got: { key: 'k7' } } });
    expect(items.find(({ id }) => id === 'k4').attempts).toBe(2);
    expect(items.find(({ id }) => id === 'k3').failure).toMatchObject({
      code: 'http-422',
      failureMessage: expect.stringMatching(/k3 is not wanted/),
    });
  });

  test('returns the lines of a file, and receives them chunk by chunk, with a response for each', async () => {
    const words = Array.from({ length: 25 }, (_, n) => `word${n}`);
    const seen = new Set<string>();
    const answerOf = ({ key, word }: { key: string; word: string }) => {
      const isFirst = !seen.has(word);
      seen.add(word);
      if (word === 'word3') return [{ key, status: 422, error: 'word3 is not wanted' }];
      if (word === 'word4' && isFirst) return [{ key, status: 503 }];
      return word === 'word5' && isFirst ? [] : [{ key, status: 200, length: word.length }];
    };
    const bulks: { word: string }[][] = [];
    const server = await webServer(({ path, body }, response) => {
      if (path === '/words.txt') return response.end(words.join('\n'));
      const { rows } = JSON.parse(body);
      bulks.push(rows);
      const isBusy = bulks.filter(([first]) => first?.word === 'word0').length === 1;
      if (isBusy && rows[0].word === 'word0') return response.writeHead(429, { 'retry-after': '1' }).end();
      return response.end(JSON.stringify({ rows: rows.flatMap(answerOf).reverse() }));
    });

    const { path, job } = await runBatch(freshPartition(), 'bulk', {
      splitter: 'lines',
      definition: { source: `${server.url}/words.txt` },
      worker: 'http',
      parameters: {
        url: `${server.url}/bulk`,
        per: 'chunk',
        body: { rows: [{ key: '{item.id}', word: '{item.payload.line}' }] },
        answers: { path: 'rows', idPath: 'key', statusPath: 'status', errorPath: 'error' },
      },
      itemsPerTask: 10,
    });
    const items = await pages(`${path}/items`);
    await server.close();

    const at = (line: number) => items.find(({ id }) => id === `0:${line}`);
    expect(job).toMatchObject({ status: 'Completed', items: { found: 25, succeeded: 24, failed: 1 } });
    expect(at(25).output).toEqual({ status: 200, body: { key: '0:25', status: 200, length: 6 } });
    expect(at(4).failure).toMatchObject({
      code: 'http-422',
      failureMessage: expect.stringMatching(/word3 is not wanted/),
    });
    // Three chunks, the first of them twice, and what of it was busy or left out, together.
    expect(bulks.map(({ length }) => length).toSorted((a, b) => a - b)).toEqual([2, 5, 10, 10, 10]);
    expect(bulks.find(({ length }) => length === 2)?.map(({ word }) => word)).toEqual(['word4', 'word5']);
  });
});

test.runIf(isEmulated)('headers come from a secret, which is read once', async () => {
  const settings = localClient(inject('endpoint'));
  const client = new SecretsManagerClient(settings);
  const name = `headers-${process.pid}`;
  const { ARN: arn = '' } = await client.send(
    new CreateSecretCommand({ Name: name, SecretString: '{"Authorization":"Bearer secret"}' }),
  );
  const server = await webServer((_request, response) => response.end());
  const worker = httpWorker({
    clock: systemClock,
    readSecret: awsSecrets(signedAt(settings.endpoint).secrets),
    allowedSecrets: () => ({ partner: { arn, origins: [server.url] } }),
  });
  const world = memoryWorld();
  const parameters = { url: `${server.url}/{item.id}`, secret: 'partner' };
  const work = workerOn(world, worker);

  await work([aRecord(aChunk({ items: [{ id: 'a' }], parameters }))]);
  await client.send(new DeleteSecretCommand({ SecretId: arn, ForceDeleteWithoutRecovery: true }));
  await work([aRecord(aChunk({ index: 1, items: [{ id: 'b' }], parameters }))]);
  await server.close();
  client.destroy();

  expect(server.requests.map(({ path, headers }) => [path, headers['authorization']])).toEqual([
    ['/a', 'Bearer secret'],
    ['/b', 'Bearer secret'],
  ]);
});

describe('functions of the account', () => {
  test('that the stack does not list are refused when the job is created', async () => {
    const batch = {
      splitter: 'items',
      definition: { items: ['a'] },
      worker: 'invoke-lambda',
      parameters: { function: 'theirs' },
    };

    const { status, body } = await call('PUT', jobPath(freshPartition(), 'unlisted'), { body: { batch } });

    expect([status, body.errors?.[0].pointer]).toEqual([400, '/batch/parameters/function']);
    expect(body.detail).toContain("function 'theirs' is not allowed; the stack allows none");
  });

  test.runIf(isEmulated)('are given items and answer them', async () => {
    const settings = localClient(inject('endpoint'));
    const client = new LambdaClient(settings);
    const code = `export const handler = async ({ item }) => {
      if (item.id === 'bad') throw new Error('no good');
      return { doubled: item.payload * 2 };
    };`;
    const { FunctionArn: arn = '' } = await client.send(
      new CreateFunctionCommand({
        FunctionName: `doubling-${process.pid}`,
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Role: 'arn:aws:iam::000000000000:role/any',
        Code: { ZipFile: await aZip({ 'index.mjs': code }) },
      }),
    );
    for (;;) {
      const { Configuration } = await client.send(new GetFunctionCommand({ FunctionName: arn }));
      if (Configuration?.State !== 'Pending') break;
      await sleep(200);
    }
    const worker = invokeLambdaWorker({
      invoke: awsFunctions(settings),
      allowedFunctions: () => ({ doubling: { arn } }),
    });
    const world = memoryWorld();
    const items = [
      { id: 'good', payload: 21 },
      { id: 'bad', payload: 0 },
    ];

    await workerOn(
      world,
      worker,
    )([aRecord(aChunk({ items, maxAttempts: 1, parameters: { function: 'doubling' } }))]);

    const records = await reportedOutcomes(world);
    expect(records).toMatchObject([
      { id: 'good', outcome: 'succeeded', output: { doubled: 42 } },
      {
        id: 'bad',
        outcome: 'failed',
        failure: { code: 'function-failed', failureMessage: expect.stringMatching(/no good/) },
      },
    ]);
    client.destroy();
  });
});
