import { describe, expect, test } from 'vitest';
import type { Item } from '#core/item.ts';
import { sentMessages } from '../../../support/chunks.ts';
import { aServer, bodies, ended, items, posted, type Sent } from './a-chunk-server.ts';

describe('a request for a chunk', () => {
  test('contains all items as JSON, and every item gets the response', async () => {
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

  test('is sent as JSON Lines if configured', async () => {
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

  test('omits items that lack a field, and only they fail', async () => {
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

  test('has the same key on every attempt, and a different one for other items', async () => {
    const server = await aServer((_, response) => response.writeHead(503).end());

    await posted(server);
    await posted(server);
    await posted(server, {}, { given: items.slice(1) });

    const keys = server.requests.map(({ headers }) => headers['idempotency-key']);
    expect(keys[0]).toBe(keys[1]);
    expect(keys[2]).not.toBe(keys[0]);
  });
});

describe('a chunk that is refused as a whole', () => {
  test.for([429, 500, 503])(
    'by %i is retried as a whole, after the delay that the server requests',
    async (status) => {
      const server = await aServer((_, response) =>
        response.writeHead(status, { 'retry-after': '77' }).end(),
      );

      const { world } = await posted(server);

      expect(server.requests).toHaveLength(1);
      world.clock.advance(76_000);
      expect(world.queues.receive('worker:work', 10)).toEqual([]);
      const [again] = sentMessages(world, 'worker:work');
      expect(again.items.map(({ id, tries }: Item) => [id, tries])).toEqual(items.map(({ id }) => [id, 1]));
    },
  );

  test.for([400, 413, 422, 500])(
    'by %i is finally sent in halves until one item fails alone',
    async (status) => {
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
    },
  );

  test.for([401, 403, 404, 301])('by %i fails all its items', async (status) => {
    const server = await aServer((_, response) => response.writeHead(status).end('not you'));

    const { records } = await posted(server);

    expect(records.map(ended).map(([, code]) => code)).toEqual(Array(4).fill(`http-${status}`));
    expect(server.requests).toHaveLength(1);
  });
});
