import { describe, expect, test } from 'vitest';
import { problemsOf } from '../../../../clients/console/forms/json-schema.ts';
import { pointerOf } from '../../../../clients/console/forms/pointer.ts';
import { shippedSplitters } from '../../../../functions/split-batch/splitters/index.ts';
import { jsonSchema } from '../../../../lib/registry.ts';
import { shippedWorkers } from '../../../../lib/shipped-workers.ts';

const textOf = (schema: Readonly<Record<string, unknown>>, value: unknown) =>
  problemsOf(schema, value).map(({ path, detail }) => `${pointerOf(path)} ${detail}`);

function definitionOf(name: string) {
  const splitter = shippedSplitters.find((one) => one.name === name);
  return jsonSchema(splitter?.definition ?? {});
}

function parametersOf(name: string) {
  return jsonSchema(shippedWorkers({ documents: true }).get(name)?.options.parameters ?? {});
}

describe('problems of a value', () => {
  test('name the part and the limit', () => {
    expect(textOf(definitionOf('range'), { from: 1.5, step: 0, other: 1 })).toEqual([
      '/to is missing',
      '/from must be a whole number',
      '/step must be at least 1',
      '/other is not known here',
    ]);
  });

  test('know which parts are only missing', () => {
    const problems = problemsOf(definitionOf('range'), { from: 'x' });

    expect(problems.filter(({ isMissing }) => isMissing).map(({ path }) => path)).toEqual([['to']]);
  });

  test('of a union are those of the branch that is closest to the value', () => {
    const lines = definitionOf('lines');

    expect(textOf(lines, { source: 'file.csv' })).toEqual([
      '/source must be upload:<id> or s3://bucket/key or https://…',
    ]);
    expect(textOf(lines, { source: ['upload:1', 'x'] })).toEqual([
      '/source/1 must be upload:<id> or s3://bucket/key or https://…',
    ]);
    expect(textOf(lines, { source: 5 })).toEqual(['/source must be a string or a list']);
  });

  test('follow references', () => {
    const rules = [{ when: { all: [{ field: 5 }] }, set: { a: 'b' } }];

    expect(textOf(parametersOf('tag'), { rules })).toEqual(['/rules/0/when/all/0/field must be a string']);
  });

  test('follow conditions', () => {
    expect(textOf(parametersOf('http'), { url: 'https://example.com', per: 'chunk', method: 'GET' })).toEqual(
      ['/method must be one of "POST", "PUT", "PATCH", "DELETE"'],
    );
  });

  test('are found in no value that the schema accepts', () => {
    expect(textOf(definitionOf('items'), { items: [1, 'two', { three: 3 }] })).toEqual([]);
    expect(textOf(parametersOf('rehearse'), {})).toEqual([]);
  });

  test('have their location with special characters', () => {
    const schema = { type: 'object', additionalProperties: { type: 'string' } };

    expect(textOf(schema, { 'a/b~c %': 1 })).toEqual(['/a~1b~0c % must be a string']);
  });
});

test('a schema that cannot be used finds no problem, because the API explains it', () => {
  expect(textOf({ $ref: '#/missing' }, 1)).toEqual([]);
  expect(textOf({ type: 'string', pattern: '(' }, 'x')).toEqual([]);
});
