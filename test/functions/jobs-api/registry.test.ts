import { describe, expect, test } from 'vitest';
import { checkBy, type Schema } from '#core/schema.ts';
import { compileSchema } from '../../../functions/creation/json-schema.ts';
import { shippedSplitters } from '../../../functions/split-batch/splitters/index.ts';
import { extractTextParameters } from '../../../functions/workers/documents/extract-text/parameters.ts';
import { exportZipParameters } from '../../../functions/workers/export-zip/parameters.ts';
import { httpParameters } from '../../../functions/workers/http/parameters.ts';
import { invokeLambdaParameters } from '../../../functions/workers/invoke-lambda/parameters.ts';
import { rehearseParameters } from '../../../functions/workers/rehearse/parameters.ts';
import { tagParameters } from '../../../functions/workers/tag/parameters.ts';
import { jsonSchema, type Registry } from '../../../lib/registry.ts';
import { apiWorld, BATCH, JOBS } from './api-world.ts';

const J1 = `${JOBS}/j1`;

function registryWith(parameters: Registry['workers'][number]['parameters']): Registry {
  const splitters = [{ name: 'range', description: '', definition: {} }];
  return {
    splitters,
    workers: [{ name: 'rehearse', description: '', parameters }],
    jobTypes: [],
    templates: [],
    secrets: {},
    functions: {},
  };
}

describe('the schemas that ship', () => {
  const schemas: [string, Schema][] = [
    ['rehearse', rehearseParameters],
    ['extract-text', extractTextParameters],
    ['export-zip', exportZipParameters],
    ['http', httpParameters],
    ['invoke-lambda', invokeLambdaParameters],
    ['tag', tagParameters],
    ...shippedSplitters.map(({ name, definition }): [string, Schema] => [name, definition]),
  ];
  test.each(schemas)('of %s say as JSON Schema what they say themselves', (_, schema) => {
    const faults = compileSchema(jsonSchema(schema));
    // Only the API refuses a list, which valibot reads as an object without members.
    const values = [{}, null, 1, { nope: 1 }, { from: 0, to: 3 }, { items: [1] }, { prefix: 'data/' }];

    for (const value of [
      ...values,
      { source: 'upload:1', format: 'text' },
      { maxBytes: 0 },
      { failEvery: 2 },
      { source: 's3://bucket/key.zip' },
      { job: 'former', outcome: 'failed', filter: { itemIds: ['1'] }, group: 10 },
      { job: 'former', filter: { nope: 1 } },
      { url: 'https://example.com/{item.id}', headers: { Accept: 'a/b' } },
      { url: 'https://{item.id}/' },
      { function: 'theirs', arguments: [1] },
      { rules: [{ when: { all: [{ field: 'id', equals: 1 }] }, set: { a: 'b' } }] },
      { rules: [{ when: { all: [{ nope: 'id' }] } }] },
    ]) {
      expect([value, faults(value).length === 0]).toEqual([value, checkBy(schema, value).ok]);
    }
  });
});

describe('parameters', () => {
  test('that are absent are checked as if they were {}', async () => {
    const required = { type: 'object', properties: { url: { type: 'string' } }, required: ['url'] };
    const world = apiWorld({ registry: registryWith(required) });

    const { status, body } = await world.call('PUT', J1, { body: { batch: BATCH } });

    expect([status, body.errors[0].pointer]).toEqual([400, '/batch/parameters/url']);
  });

  test('under a schema that cannot be used here are left to the worker, which is logged once', async () => {
    const world = apiWorld({ registry: registryWith({ $ref: 'https://schemas.test/elsewhere' }) });

    for (const id of ['a', 'b'])
      expect((await world.call('PUT', `${JOBS}/${id}`, { body: { batch: BATCH } })).status).toBe(201);

    expect(world.log.messages('warn')).toEqual(['a schema of the registry cannot be checked here']);
  });
});
