import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import type { Item, OutcomeRecord } from '#core/item.ts';
import { systemClock } from '../../../functions/aws/runtime.ts';
import { httpWorker } from '../../../functions/http/http-worker.ts';
import { httpParameters } from '../../../functions/http/parameters.ts';
import { compileSchema } from '../../../functions/jobs-api/json-schema.ts';
import { outcomeKey } from '../../../functions/store/object-keys.ts';
import { parseOutcomes } from '../../../functions/store/outcomes.ts';
import { jsonSchema } from '../../../lib/registry.ts';
import { aChunk, aRecord, memoryWorld, sent, workerOn } from '../../support/chunks.ts';
import type { World } from '../../support/memory/world.ts';
import { type WebServer, webServer } from '../../support/web-server.ts';

const servers: WebServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

interface Sent {
  readonly id: string;
  readonly payload: { readonly text: string };
}

/** A server that answers a chunk, given what came in its body. */
async function aServer(answer: (body: string, response: ServerResponse) => unknown) {
  const server = await webServer(({ body }, response) => {
    const answered = answer(body, response);
    if (!response.writableEnded)
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answered));
  });
  servers.push(server);
  return server;
}

const items = ['one', 'two', 'three', 'four'].map((text, n) => ({ id: `i${n}`, payload: { text } }));

async function posted(
  server: WebServer,
  parameters: Record<string, unknown> = {},
  {
    world = memoryWorld(),
    given = items,
    ...fields
  }: { world?: World; given?: Item[]; maxAttempts?: number } = {},
) {
  const worker = httpWorker({ clock: systemClock, readSecret: async () => '{}', allowedSecrets: () => ({}) });
  const chunk = aChunk({
    items: given,
    parameters: { url: server.url, per: 'chunk', ...parameters },
    ...fields,
  });
  await workerOn(world, { ...worker, name: 'work' })([aRecord(chunk)]);
  const key = outcomeKey({ partition: 'p', job: 'j', generation: 1 }, '', 0);
  const bytes = await world.objects.get({ key });
  return { world, records: bytes === undefined ? [] : parseOutcomes(bytes) };
}

const bodies = (server: WebServer) => server.requests.map(({ body }) => JSON.parse(body));
const ended = ({ id, output, failure }: OutcomeRecord) => [
  id,
  failure?.code ?? (output as { body?: unknown }).body,
];

describe('a request for a chunk', () => {
  test('carries all items as JSON, and the answer is that of each', async () => {
    const server = await aServer(() => ({ stored: 4 }));

    const { records } = await posted(server);

    expect(bodies(server)).toEqual([items]);
    expect(server.requests[0]?.headers['content-type']).toBe('application/json');
    expect(records.map(({ output }) => output)).toEqual(Array(4).fill({ status: 200, body: { stored: 4 } }));
  });

  test('repeats the lists of its template for each item', async () => {
    const server = await aServer(() => ({}));

    await posted(server, {
      body: {
        model: 'small',
        tags: ['fixed'],
        input: ['{item.payload.text}'],
        rows: [{ index: { _id: '{item.id}' } }, '{item.payload}'],
      },
    });

    const [body] = bodies(server);
    expect(body).toMatchObject({ model: 'small', tags: ['fixed'], input: ['one', 'two', 'three', 'four'] });
    expect(body.rows.slice(0, 4)).toEqual([
      { index: { _id: 'i0' } },
      { text: 'one' },
      { index: { _id: 'i1' } },
      { text: 'two' },
    ]);
  });

  test('is sent as JSON Lines where that is asked for', async () => {
    const server = await aServer(() => ({}));

    await posted(server, { bodyFormat: 'jsonl', body: [{ index: { _id: '{item.id}' } }, '{item.payload}'] });

    const [request] = server.requests;
    expect(request?.headers['content-type']).toBe('application/x-ndjson');
    expect(request?.body.split('\n').slice(0, 3)).toEqual([
      '{"index":{"_id":"i0"}}',
      '{"text":"one"}',
      '{"index":{"_id":"i1"}}',
    ]);
    expect(request?.body.endsWith('}\n')).toBe(true);
  });

  test('leaves items out that lack a field, and they fail alone', async () => {
    const server = await aServer(() => ['first', 'second']);
    const given = [
      { id: 'a', payload: { text: 'x' } },
      { id: 'b', payload: {} },
      { id: 'c', payload: { text: 'y' } },
    ];

    const { records } = await posted(server, { body: ['{item.payload.text}'], answers: {} }, { given });
    const none = await posted(server, { body: ['{item.payload.text}'] }, { given: [{ id: 'b' }] });

    expect(bodies(server)).toEqual([['x', 'y']]);
    expect(records.map(ended)).toEqual([
      ['a', 'first'],
      ['b', 'missing-field'],
      ['c', 'second'],
    ]);
    expect(none.records.map(ended)).toEqual([['b', 'missing-field']]);
  });

  test('has the same key whenever it is repeated, and another one for other items', async () => {
    const server = await aServer((_, response) => response.writeHead(503).end());

    await posted(server);
    await posted(server);
    await posted(server, {}, { given: items.slice(1) });

    const keys = server.requests.map(({ headers }) => headers['idempotency-key']);
    expect(keys[0]).toBe(keys[1]);
    expect(keys[2]).not.toBe(keys[0]);
  });
});

describe('the answer to a chunk', () => {
  test('falls into those of its items in their order', async () => {
    const server = await aServer(() => ({ data: [1, 2, 3, 4].map((n) => ({ embedding: [n] })) }));

    const { records } = await posted(server, { answers: { path: 'data' } });

    expect(records.map(ended)).toEqual(items.map(({ id }, n) => [id, { embedding: [n + 1] }]));
  });

  test('falls into those of its items by their ids, in a list or an object', async () => {
    const list = await aServer((body) =>
      JSON.parse(body)
        .map(({ id }: Sent) => ({ for: { id } }))
        .reverse(),
    );
    const object = await aServer((body) =>
      Object.fromEntries(JSON.parse(body).map(({ id }: Sent) => [id, `${id}!`])),
    );

    const byList = await posted(list, { answers: { idPath: 'for.id' } });
    const byObject = await posted(object, { answers: {} });

    expect(byList.records.map(ended)).toEqual(items.map(({ id }) => [id, { for: { id } }]));
    expect(byObject.records.map(ended)).toEqual(items.map(({ id }) => [id, `${id}!`]));
  });

  test('may stand in several lists', async () => {
    const server = await aServer(() => ({
      documents: [{ id: 'i0' }, { id: 'i2' }, { id: 'i3' }],
      errors: [{ id: 'i1', error: { code: 'too long' } }],
    }));

    const answers = { path: '*.*', idPath: 'id', errorPath: 'error' };
    const { records } = await posted(server, { answers }, { maxAttempts: 1 });

    expect(records.map(({ failure }) => failure?.failureMessage ?? '')).toEqual([
      '',
      expect.stringMatching(/failed this item: \{"code":"too long"\}/),
      '',
      '',
    ]);
  });

  test('with a status for each item fails, repeats and keeps each by its own', async () => {
    const statuses: Record<string, number> = { i0: 201, i1: 429, i2: 400, i3: 200 };
    const server = await aServer((body, response) => {
      response.setHeader('retry-after', '50');
      const lines = body
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      const results = lines
        .filter(({ index }) => index)
        .map(({ index: { _id } }) => ({
          index: {
            _id,
            status: statuses[_id],
            ...(_id === 'i2' && { error: { reason: 'no  such\nfield' } }),
          },
        }));
      return { errors: true, items: results };
    });
    const bulk = {
      bodyFormat: 'jsonl',
      body: [{ index: { _id: '{item.id}' } }, '{item.payload}'],
      answers: { path: 'items', idPath: '*._id', statusPath: '*.status', errorPath: '*.error' },
    };

    const { world, records } = await posted(server, bulk);

    expect(records).toEqual([]);
    world.clock.advance(49_000);
    expect(world.queues.receive('worker:work', 10)).toEqual([]);
    const [again] = sent(world, 'worker:work');
    expect(again.items).toMatchObject([{ id: 'i1', tries: 1 }]);
    expect(
      again.done
        .map(({ id, output, failure }: OutcomeRecord) => [
          id,
          (output as { status?: number } | undefined)?.status ?? failure?.failureMessage,
        ])
        .sort(),
    ).toEqual([
      ['i0', 201],
      ['i2', expect.stringMatching(/answered 400: \{"reason":"no {1,2}such/)],
      ['i3', 200],
    ]);
  });

  test('without an item, or with its error, brings that item again', async () => {
    const server = await aServer(() => [
      { id: 'i0' },
      { id: 'i1', error: 'overloaded' },
      { id: 'i3', error: null },
    ]);

    const { world } = await posted(server, { answers: { idPath: 'id', errorPath: 'error' } });
    const last = await posted(server, { answers: { idPath: 'id', errorPath: 'error' } }, { maxAttempts: 1 });

    const [again] = sent(world, 'worker:work');
    expect(again.items.map(({ id }: Item) => id)).toEqual(['i1', 'i2']);
    expect(last.records.map(({ failure }) => failure?.code)).toEqual([
      undefined,
      'answer-error',
      'answer-missing',
      undefined,
    ]);
    expect(server.requests).toHaveLength(2);
  });

  test('goes to items of one id in turn', async () => {
    const server = await aServer(() => [
      { id: 'twin', n: 1 },
      { id: 'twin', n: 2 },
    ]);

    const { records } = await posted(
      server,
      { answers: { idPath: 'id' } },
      { given: [{ id: 'twin' }, { id: 'twin' }] },
    );

    expect(records.map(({ output }) => (output as { body: { n: number } }).body.n)).toEqual([1, 2]);
  });

  test.for([
    ['no JSON', (_: string, response: ServerResponse) => response.end('<html>'), /is no JSON/],
    ['nothing at the path', () => ({ other: [] }), /neither a list nor an object at 'data'/],
    ['a text at the path', () => ({ data: 'x' }), /neither a list nor an object at 'data'/],
    ['a list of another length', () => ({ data: [1, 2, 3] }), /3 answers for 4 items; .* answers.idPath/],
  ] as const)('that has %s fails all items at once, and they are sent once', async ([, answer, reason]) => {
    const server = await aServer(answer);

    const { records } = await posted(server, { answers: { path: 'data' } });

    expect(records.map(({ failure }) => failure?.code)).toEqual(Array(4).fill('answer-unreadable'));
    expect(records[0]?.failure?.failureMessage).toMatch(reason);
    expect(server.requests).toHaveLength(1);
  });

  test('becomes a part of each item, or only its status is kept', async () => {
    const server = await aServer(() => items.map(({ payload }) => payload));

    const parts = await posted(server, { answers: {}, keep: 'part' });
    const status = await posted(server, { keep: 'status', maxAnswerBytes: 5 });
    const tooLarge = await posted(server, { maxAnswerBytes: 5 });

    const [part] = parts.records[1]?.parts ?? [];
    expect(part).toMatchObject({ type: 'META', filename: 'answer', mimeType: 'application/json' });
    expect(new TextDecoder().decode(await parts.world.objects.get({ key: part?.key ?? '' }))).toBe(
      '{"text":"two"}',
    );
    expect(status.records.map(({ output }) => output)).toEqual(Array(4).fill({ status: 200 }));
    expect(tooLarge.records.map(ended).map(([, code]) => code)).toEqual(Array(4).fill('answer-too-large'));
    expect(server.requests).toHaveLength(3);
  });
});

describe('a chunk that is refused as a whole', () => {
  test.for([429, 500, 503])('by %i comes again as a whole, when the server says', async (status) => {
    const server = await aServer((_, response) => response.writeHead(status, { 'retry-after': '77' }).end());

    const { world } = await posted(server);

    expect(server.requests).toHaveLength(1);
    world.clock.advance(76_000);
    expect(world.queues.receive('worker:work', 10)).toEqual([]);
    const [again] = sent(world, 'worker:work');
    expect(again.items.map(({ id, tries }: Item) => [id, tries])).toEqual(items.map(({ id }) => [id, 1]));
  });

  test.for([400, 413, 422, 500])('by %i at last is sent by halves: one item is to blame', async (status) => {
    const server = await aServer((body, response) =>
      body.includes('three') ? response.writeHead(status).end('three is too much') : { fine: true },
    );

    const { records } = await posted(server, {}, { maxAttempts: 1 });

    expect(bodies(server).map((sentItems: Sent[]) => sentItems.map(({ id }) => id).join())).toEqual([
      'i0,i1,i2,i3',
      'i0,i1',
      'i2,i3',
      'i2',
      'i3',
    ]);
    expect(records.map(ended)).toEqual([
      ['i0', { fine: true }],
      ['i1', { fine: true }],
      ['i2', `http-${status}`],
      ['i3', { fine: true }],
    ]);
  });

  test.for([401, 403, 404, 301])('by %i fails, for whichever items it was', async (status) => {
    const server = await aServer((_, response) => response.writeHead(status).end('not you'));

    const { records } = await posted(server);

    expect(records.map(ended).map(([, code]) => code)).toEqual(Array(4).fill(`http-${status}`));
    expect(server.requests).toHaveLength(1);
  });
});

test.for([
  [{ url: 'https://example.com/{item.id}' }, /names an item/],
  [{ method: 'GET' }, /GET has no body/],
  [{ body: 'text {item.id}' }, /JSON with a list/],
  [{ body: { id: '{item.id}' } }, /outside of a list/],
  [{ body: { fixed: [1] } }, /names no item/],
  [{ per: 'item', answers: {} }, /needs per: 'chunk'/],
] as const)('parameters %j are refused: %s', ([parameters, reason]) => {
  const parsed = httpParameters.safeParse({ url: 'https://example.com/', per: 'chunk', ...parameters });

  expect(parsed.error?.message).toMatch(reason);
});

describe('a job is refused when it is created', () => {
  const check = compileSchema(jsonSchema(httpParameters));

  test.for([
    [{ per: 'chunk', url: 'https://example.com/{item.id}' }, ['url', 'must match pattern "^(?!.*\\{item)"']],
    [{ per: 'chunk', method: 'GET' }, ['method', 'must be one of "POST", "PUT", "PATCH", "DELETE"']],
    [{ per: 'chunk', body: 'text' }, ['body', 'must be array or object']],
    [{ per: 'item', answers: {} }, ['per', 'must be "chunk"']],
    [{ answers: {} }, ['per', 'is missing']],
  ] as const)('with %j', ([parameters, [place, detail]]) => {
    const wrong = check({ url: 'https://example.com/', ...parameters });

    expect(wrong.map((one) => [one.path.join('/'), one.detail])).toEqual([[place, detail]]);
  });

  test('but not for what is right', () => {
    const url = 'https://example.com/{item.id}';
    const body = ['{item}'];

    expect(check({ url, method: 'GET' })).toEqual([]);
    expect(check({ url: 'https://example.com/{x}', per: 'chunk', body, answers: {} })).toEqual([]);
  });
});
