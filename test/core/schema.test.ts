import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { checkBy, type Schema } from '#core/schema.ts';

const schemas: [string, Schema<{ limits: number[]; mark: string }>][] = [
  ['zod', z.strictObject({ limits: z.array(z.number()), mark: z.string().default('!') })],
  ['valibot', v.strictObject({ limits: v.array(v.number()), mark: v.optional(v.string(), '!') })],
];

describe.each(schemas)('a schema of %s', (_, schema) => {
  test('returns the value with its defaults', () => {
    expect(checkBy(schema, { limits: [1] })).toEqual({ ok: true, value: { limits: [1], mark: '!' } });
  });

  test('gives the location of each problem', () => {
    const checked = checkBy(schema, { limits: [1, 'two'], mark: 3 });

    expect(checked).toEqual({ ok: false, reason: expect.stringMatching(/^\/limits\/1: .+; \/mark: .+/) });
  });

  test('gives only the first problems of a long list', () => {
    const checked = checkBy(schema, { limits: Array.from({ length: 100 }, String) });

    expect(checked).toEqual({ ok: false, reason: expect.stringMatching(/; and 95 more$/) });
  });
});

test('a schema with an asynchronous check is refused', () => {
  const schema = z.string().refine(async () => true);

  expect(() => checkBy(schema, 'a')).toThrow('a schema of zod checks asynchronously');
});
