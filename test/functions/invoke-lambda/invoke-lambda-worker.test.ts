import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { awsFunctions } from '../../../functions/aws/invoke-function.ts';
import { invokeLambdaWorker } from '../../../functions/invoke-lambda/invoke-lambda-worker.ts';
import { outcomeKey } from '../../../functions/store/keys.ts';
import { parseOutcomes } from '../../../functions/store/outcomes.ts';
import { aChunk, aRecord, memoryWorld, sent, workerOn } from '../../support/chunks.ts';
import { closed, listening } from '../../support/web-server.ts';

/** What Lambda answers on the wire, and what the worker makes of it. */
async function invoked(
  answer: { status?: number; headers?: Record<string, string>; body: string },
  parameters: Record<string, unknown> = { function: 'theirs', arguments: { a: 1 } },
) {
  const requests: { path: string; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    requests.push({ path: request.url ?? '', body });
    response.writeHead(answer.status ?? 200, answer.headers).end(answer.body);
  });
  const endpoint = await listening(server);
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const worker = invokeLambdaWorker({
    invoke: awsFunctions({ endpoint, region: 'eu-west-1', credentials }),
    allowedFunctions: () => ({ theirs: 'arn:aws:lambda:eu-west-1:000000000000:function:theirs' }),
  });
  const world = memoryWorld();
  await workerOn(world, { ...worker, name: 'work' })([
    aRecord(aChunk({ parameters, items: [{ id: 'i', payload: { n: 1 } }] })),
  ]);
  await closed(server);
  const bytes = await world.objects.get({
    key: outcomeKey({ partition: 'p', job: 'j', generation: 1 }, '', 0),
  });
  return { world, requests, record: bytes === undefined ? undefined : parseOutcomes(bytes)[0] };
}

test('a function is given the item, and its answer becomes the output', async () => {
  const { record, requests } = await invoked({ body: '{"doubled":2}' });

  expect(record).toMatchObject({ outcome: 'succeeded', output: { doubled: 2 } });
  expect(decodeURIComponent(requests[0]?.path ?? '')).toContain('function:theirs/invocations');
  expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
    partition: 'p',
    job: 'j',
    attempt: 1,
    item: { id: 'i', payload: { n: 1 } },
    arguments: { a: 1 },
  });
});

test('a function that answers nothing leaves an item without output', async () => {
  const { record } = await invoked({ body: 'null' });

  expect(record).toEqual({ id: 'i', path: '', outcome: 'succeeded', attempts: 1 });
});

test.for([
  ['PermanentFailure', 'failed'],
  ['TypeError', 'again'],
] as const)('an error %s of the function: %s', async ([errorType, expected]) => {
  const { record, world } = await invoked({
    headers: { 'x-amz-function-error': 'Unhandled' },
    body: JSON.stringify({ errorType, errorMessage: 'it broke', trace: ['secret'] }),
  });

  const failure = { code: 'function-failed', failureMessage: `theirs: ${errorType}: it broke` };
  if (expected === 'failed') expect(record).toMatchObject({ outcome: 'failed', failure });
  else expect(sent(world, 'worker:work')).toMatchObject([{ items: [{ id: 'i', tries: 1 }] }]);
});

test('a function that is throttled is called again, once for each try', async () => {
  const { world, requests } = await invoked({
    status: 429,
    headers: { 'x-amzn-errortype': 'TooManyRequestsException', 'retry-after': '30' },
    body: '{"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded"}',
  });

  expect(requests).toHaveLength(1);
  world.clock.advance(29_000);
  expect(world.queues.receive('worker:work', 1)).toEqual([]);
  expect(sent(world, 'worker:work')).toMatchObject([{ items: [{ id: 'i', tries: 1 }] }]);
});

test('a function that is gone, or not in the list, fails the item for good', async () => {
  const gone = await invoked({
    status: 404,
    headers: { 'x-amzn-errortype': 'ResourceNotFoundException' },
    body: '{"Message":"Function not found"}',
  });
  const unlisted = await invoked({ body: '1' }, { function: 'arn:aws:lambda:eu-west-1:1:function:theirs' });

  expect(gone.record?.failure?.code).toBe('function-missing');
  expect(unlisted.record?.failure).toMatchObject({
    code: 'function-forbidden',
    failureMessage: expect.stringMatching(/there are: theirs. Add it to invokableFunctions/),
  });
  expect(unlisted.requests).toEqual([]);
});
