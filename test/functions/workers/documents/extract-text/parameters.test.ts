import { expect, test } from 'vitest';
import { z } from 'zod';
import { extractTextParameters } from '../../../../../functions/workers/documents/extract-text/parameters.ts';

test('all parameters are optional', () => {
  expect(extractTextParameters.parse({})).toEqual({ maxBytes: 104_857_600, maxPages: 5_000, keepText: true });
});

test.each([
  [{ maxBytes: 104_857_601 }, 'maxBytes'],
  [{ maxPages: 0 }, 'maxPages'],
  [{ language: 'English' }, 'language'],
  [{ keepText: 'yes' }, 'keepText'],
])('%j is refused', (parameters, field) => {
  expect(extractTextParameters.safeParse(parameters).error?.issues[0]?.path).toEqual([field]);
});

test('an unknown parameter is refused by name', () => {
  expect(extractTextParameters.safeParse({ pages: 1 }).error?.issues[0]).toMatchObject({ keys: ['pages'] });
});

test('the registry returns them as a JSON Schema', () => {
  const schema = z.toJSONSchema(extractTextParameters, { io: 'input' });

  expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
  expect(schema.required).toBeUndefined();
});
