import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { Item, OutcomeRecord } from '#core/item.ts';
import { sentMessages } from '../../../support/chunks.ts';
import { aServer, ended, items, posted, type Sent } from './a-chunk-server.ts';

describe('the response to a chunk', () => {
  test('is split into the responses of its items in order', async () => {
    const server = await aServer(() => ({ data: [1, 2, 3, 4].map((n) => ({ embedding: [n] })) }));

    const { records } = await posted(server, { answers: { path: 'data' } });

    expect(records.map(ended)).toEqual(items.map(({ id }, n) => [id, { embedding: [n + 1] }]));
  });

  test('is split into the responses of its items by id, in a list or an object', async () => {
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

  test('can be in several lists', async () => {
    const server = await aServer(() => ({
      documents: [{ id: 'i0' }, { id: 'i2' }, { id: 'i3' }],
      errors: [{ id: 'i1', error: { code: 'too long' } }],
    }));

    const answers = { path: '*.*', idPath: 'id', errorPath: 'error' };
    const { records } = await posted(server, { answers }, { maxAttempts: 1 });

    expect(records.map(({ failure }) => failure?.failureMessage ?? '')).toEqual([
      '',
      expect.stringMatching(/reported an error for this item: \{"code":"too long"\}/),
      '',
      '',
    ]);
  });

  test('with a status per item fails, retries or keeps each item by its status', async () => {
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
    const [again] = sentMessages(world, 'worker:work');
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
      ['i2', expect.stringMatching(/status 400: \{"reason":"no {1,2}such/)],
      ['i3', 200],
    ]);
  });

  test('without an entry for an item, or with its error, causes a retry of that item', async () => {
    const server = await aServer(() => [
      { id: 'i0' },
      { id: 'i1', error: 'overloaded' },
      { id: 'i3', error: null },
    ]);

    const { world } = await posted(server, { answers: { idPath: 'id', errorPath: 'error' } });
    const last = await posted(server, { answers: { idPath: 'id', errorPath: 'error' } }, { maxAttempts: 1 });

    const [again] = sentMessages(world, 'worker:work');
    expect(again.items.map(({ id }: Item) => id)).toEqual(['i1', 'i2']);
    expect(last.records.map(({ failure }) => failure?.code)).toEqual([
      undefined,
      'answer-error',
      'answer-missing',
      undefined,
    ]);
    expect(server.requests).toHaveLength(2);
  });

  test('is assigned in order to items with the same id', async () => {
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
    ['no JSON', (_: string, response: ServerResponse) => response.end('<html>'), /is not JSON/],
    ['nothing at the path', () => ({ other: [] }), /neither a list nor an object at 'data'/],
    ['a text at the path', () => ({ data: 'x' }), /neither a list nor an object at 'data'/],
    ['a list of another length', () => ({ data: [1, 2, 3] }), /3 entries for 4 items; .* answers.idPath/],
  ] as const)('that has %s fails all items without a retry', async ([, answer, reason]) => {
    const server = await aServer(answer);

    const { records } = await posted(server, { answers: { path: 'data' } });

    expect(records.map(({ failure }) => failure?.code)).toEqual(Array(4).fill('answer-unreadable'));
    expect(records[0]?.failure?.failureMessage).toMatch(reason);
    expect(server.requests).toHaveLength(1);
  });

  test('is stored as a part of each item, or only its status is kept', async () => {
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
