import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { ChunkMessage } from '#contract/messages.ts';
import type { Item } from '#core/item.ts';
import { parseJson } from '#core/json/parse-json.ts';
import { awsFunctions } from '../../../../functions/aws/invoke-function.ts';
import { invokeLambdaWorker } from '../../../../functions/workers/invoke-lambda/invoke-lambda-worker.ts';
import { aChunk, aRecord, memoryWorld, sentMessages, workerOn } from '../../../support/chunks.ts';
import { reportedOutcomes } from '../../../support/outcomes.ts';
import { closeServer, listening } from '../../../support/web-server.ts';

interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body: string;
}

interface Event {
  readonly items: readonly { readonly id: string; readonly attempt: number }[];
}

/** Responses of Lambda on the wire, and how the worker handles them. */
async function invoked(
  answer: Answer | ((event: Event) => Answer),
  parameters: Record<string, unknown> = { function: 'theirs', arguments: { a: 1 } },
  fields: Partial<ChunkMessage> = {},
) {
  const requests: { path: string; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    requests.push({ path: request.url ?? '', body });
    const told = typeof answer === 'function' ? answer(JSON.parse(body)) : answer;
    response.writeHead(told.status ?? 200, told.headers).end(told.body);
  });
  const endpoint = await listening(server);
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const worker = invokeLambdaWorker({
    invoke: awsFunctions({ endpoint, region: 'eu-west-1', credentials }),
    allowedFunctions: () => ({ theirs: { arn: 'arn:aws:lambda:eu-west-1:000000000000:function:theirs' } }),
  });
  const world = memoryWorld();
  await workerOn(world, { ...worker, name: 'work' })([
    aRecord(aChunk({ parameters, items: [{ id: 'i', payload: { n: 1 } }], ...fields })),
  ]);
  await closeServer(server);
  const records = (await reportedOutcomes(world)) ?? [];
  return { world, requests, records, record: records[0] };
}

test('a function gets the item, and its result becomes the output', async () => {
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

test('numbers keep every digit, to the function and in its result', async () => {
  const item = { id: 'i', payload: parseJson('{"n":9007199254740993}') };

  const { requests, record } = await invoked({ body: '{"got":0.1234567890123456789}' }, undefined, {
    items: [item],
  });

  expect(requests[0]?.body).toContain('"payload":{"n":9007199254740993}');
  expect(JSON.stringify(record?.output)).toBe('{"got":0.1234567890123456789}');
});

test('the results for a chunk have ids with every digit', async () => {
  const ids = ['9007199254740993', '9007199254740992'];
  const items = ids.map((id) => ({ id, payload: id }));

  const { records } = await invoked(
    { body: `[${ids.map((id) => `{"id":${id},"output":"of ${id}"}`).join()}]` },
    { function: 'theirs', per: 'chunk' },
    { items },
  );

  expect(records.map(({ id, output }) => [id, output])).toEqual(ids.map((id) => [id, `of ${id}`]));
});

test('a function without a result leaves the item without output', async () => {
  const { record } = await invoked({ body: 'null' });

  expect(record).toMatchObject({ id: 'i', outcome: 'succeeded', attempts: 1 });
  expect(record).not.toHaveProperty('output');
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
  else expect(sentMessages(world, 'worker:work')).toMatchObject([{ items: [{ id: 'i', tries: 1 }] }]);
});

test('a throttled function is invoked again, once per attempt', async () => {
  const { world, requests } = await invoked({
    status: 429,
    headers: { 'x-amzn-errortype': 'TooManyRequestsException', 'retry-after': '30' },
    body: '{"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded"}',
  });

  expect(requests).toHaveLength(1);
  world.clock.advance(29_000);
  expect(world.queues.receive('worker:work', 1)).toEqual([]);
  expect(sentMessages(world, 'worker:work')).toMatchObject([{ items: [{ id: 'i', tries: 1 }] }]);
});

test('a function that does not exist or is not allowed fails the item permanently', async () => {
  const gone = await invoked({
    status: 404,
    headers: { 'x-amzn-errortype': 'ResourceNotFoundException' },
    body: '{"Message":"Function not found"}',
  });
  const unlisted = await invoked({ body: '1' }, { function: 'arn:aws:lambda:eu-west-1:1:function:theirs' });

  expect(gone.record?.failure?.code).toBe('function-missing');
  expect(unlisted.record?.failure).toMatchObject({
    code: 'function-forbidden',
    failureMessage: expect.stringMatching(/allowed: theirs. Add it to invokableFunctions/),
  });
  expect(unlisted.requests).toEqual([]);
});

describe('a function that processes chunks', () => {
  const perChunk = { function: 'theirs', per: 'chunk', arguments: { a: 1 } };
  const items = [{ id: 'a', payload: 1 }, { id: 'b', payload: 2, tries: 1 }, { id: 'c' }, { id: 'd' }];

  test('gets all items at once, and returns results by id', async () => {
    const { records, requests } = await invoked(
      ({ items: given }) => ({
        body: JSON.stringify(given.map(({ id }) => ({ id, output: `${id}!` })).reverse()),
      }),
      perChunk,
      { items },
    );

    expect(requests.map(({ body }) => JSON.parse(body))).toEqual([
      {
        partition: 'p',
        job: 'j',
        items: [
          { id: 'a', payload: 1, attempt: 1 },
          { id: 'b', payload: 2, attempt: 2 },
          { id: 'c', attempt: 1 },
          { id: 'd', attempt: 1 },
        ],
        arguments: { a: 1 },
      },
    ]);
    expect(records.map(({ id, output }) => [id, output])).toEqual([...'abcd'].map((id) => [id, `${id}!`]));
  });

  test('gets omitted and failed items again, unless they failed permanently', async () => {
    const { world } = await invoked(
      {
        body: JSON.stringify([
          { id: 'a', output: null },
          { id: 'b', error: { errorType: 'PermanentFailure', errorMessage: 'never' } },
          { id: 'c', error: { errorType: 'TypeError', errorMessage: 'oops' } },
        ]),
      },
      perChunk,
      { items },
    );

    const [again] = sentMessages(world, 'worker:work');
    expect(again.items.map(({ id }: Item) => id)).toEqual(['c', 'd']);
    expect(again.done).toMatchObject([
      { id: 'a', outcome: 'succeeded' },
      { id: 'b', failure: { code: 'function-failed', failureMessage: 'theirs: PermanentFailure: never' } },
    ]);
  });

  test('gets halves of a chunk that fails permanently, until one item fails alone', async () => {
    const { records, requests } = await invoked(
      ({ items: given }) =>
        given.some(({ id }) => id === 'b')
          ? {
              headers: { 'x-amz-function-error': 'Unhandled' },
              body: '{"errorType":"PermanentFailure","errorMessage":"b is bad"}',
            }
          : { body: JSON.stringify(given.map(({ id }) => ({ id, output: 1 }))) },
      perChunk,
      { items },
    );

    expect(requests).toHaveLength(5);
    expect(records.filter(({ failure }) => failure).map(({ id }) => id)).toEqual(['b']);
  });

  test.for(['{"a":1}', '"done"', '[{"output":1}]', '[1]'])(
    'that returns %s fails its items',
    async (body) => {
      const { records, requests } = await invoked({ body }, perChunk, { items });

      expect(records.map(({ failure }) => failure?.code)).toEqual(Array(4).fill('answer-unreadable'));
      expect(records[0]?.failure?.failureMessage).toMatch(/must return \[\{id, output\}/);
      expect(requests).toHaveLength(1);
    },
  );
});
