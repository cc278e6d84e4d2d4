import { describe, expect, test } from 'vitest';
import { query } from '../../functions/split-batch/splitters/query.ts';
import { httpParameters } from '../../functions/workers/http/parameters.ts';
import { fillBody, fillForAll, fillUrl } from '../../functions/workers/http/template.ts';
import { tagParameters } from '../../functions/workers/tag/parameters.ts';
import { jsonSchema } from '../../lib/registry.ts';
import { apiWorld, JOBS, REGISTRY } from './jobs-api/api-world.ts';

const URL = 'https://api.example.com/in';
const RANGE = { splitter: 'range', definition: { from: 0, to: 1 } };

/** Creates a job with these parameters of a worker. */
async function created(worker: string, parameters: object) {
  const workers = [
    { name: 'http', description: '', parameters: jsonSchema(httpParameters) },
    { name: 'tag', description: '', parameters: jsonSchema(tagParameters) },
  ];
  const splitters = [...REGISTRY.splitters, { ...query, definition: jsonSchema(query.definition) }];
  const world = apiWorld({ registry: { ...REGISTRY, splitters, workers } });
  return world.call('PUT', `${JOBS}/j1`, { body: { batch: { ...RANGE, worker, parameters } } });
}

describe('a job whose worker http has', () => {
  test.each([
    [{ url: `${URL}/{payload.id}` }, '/batch/parameters/url', 'Did you mean {item.payload.id}?'],
    [{ url: `${URL}/{id}` }, '/batch/parameters/url', 'Did you mean {item.id}?'],
    [{ url: `${URL}?q={item.name}` }, '/batch/parameters/url', 'Use {item}, {item.id}, {item.payload}'],
    [{ body: 'order {order}' }, '/batch/parameters/body', 'Write literal braces as {{order}}'],
    [{ body: { a: [{ b: '{Item.id}' }] } }, '/batch/parameters/body/a/0/b', 'unknown placeholder {Item.id}'],
    [{ body: { '{item.id}': 1 } }, '/batch/parameters/body/{item.id}', 'names of members are not filled'],
    [{ headers: { 'x-id': '{item.id}' } }, '/batch/parameters/headers/x-id', 'is sent unchanged'],
  ])('the mistyped placeholder %j is refused', async (parameters, pointer, words) => {
    const { status, body } = await created('http', { url: URL, ...parameters });

    expect(status).toBe(400);
    expect(body.errors).toEqual([{ pointer, detail: expect.stringContaining(words) }]);
  });

  test.each([
    { url: `${URL}/{item.id}?n={item.payload.name}&p={item.parts.0.url}` },
    { url: `${URL}/{{id}}` },
    { body: '{"query": "{ user(id: \\"{item.id}\\") { name } }", "n": {item.payload.n}, "e": {}}' },
    { body: { pattern: '[a-z]{2,3}', literal: '{{name}}', whole: '{item}' } },
    { per: 'chunk', body: ['{item.payload}'] },
  ])('valid placeholders is created: %j', async (parameters) => {
    const { status, text } = await created('http', { url: URL, ...parameters });

    expect([status, text]).toEqual([201, expect.any(String)]);
  });
});

test('a job whose worker tag names an unknown field is refused with the fields that exist', async () => {
  const rules = [{ when: { field: 'item.payload.a', exists: true }, set: { a: 'b' } }];

  const { status, body } = await created('tag', { rules });

  expect(status).toBe(400);
  expect(body.errors).toEqual([
    {
      pointer: '/batch/parameters/rules/0/when/field',
      detail:
        "unknown field 'item.payload.a'. Use a path that begins with id, payload, parts, indexData, properties, tags",
    },
  ]);
});

describe('braces that are escaped', () => {
  const item = { id: 'a', payload: { n: 1 } };

  test('are sent as literal braces, once', () => {
    expect(fillUrl(`${URL}/{{item.id}}/{item.id}`, item)).toBe(`${URL}/{item.id}/a`);
    expect(fillBody('{{id}} {item.id} {"a":{item.payload.n}} {{{id}}}', item)).toBe('{id} a {"a":1} {{id}}');
  });

  test('are sent as literal braces in and beside lists of a chunk', () => {
    const template = { note: '{{id}}', fixed: ['{{id}}'], ids: ['{item.id}', '{{id}}'] };

    expect(fillForAll(template, [item])).toEqual({ note: '{id}', fixed: ['{id}'], ids: ['a', '{id}'] });
  });
});
