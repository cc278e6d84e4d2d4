import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { jsonSchema } from '../../lib/registry.ts';

describe('the JSON Schema of a schema', () => {
  test('is the same for zod and valibot, with defaults as optional members', () => {
    const ofZod = jsonSchema(
      z.strictObject({ id: z.string().regex(/^a/i), size: z.int().min(1).max(9).default(3) }),
    );
    const ofValibot = jsonSchema(
      v.strictObject({
        id: v.pipe(v.string(), v.regex(/^a/i)),
        size: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(9)), 3),
      }),
    );

    expect(ofValibot).toEqual(ofZod);
    expect(ofZod).toMatchObject({ additionalProperties: false, required: ['id'] });
  });

  test('comes from the converter of another library', () => {
    const schema = {
      '~standard': {
        version: 1 as const,
        vendor: 'another',
        validate: (value: unknown) => ({ value }),
        jsonSchema: { input: ({ target }: { target: string }) => ({ type: 'string', $comment: target }) },
      },
    };

    expect(jsonSchema(schema)).toEqual({ type: 'string', $comment: 'draft-2020-12' });
  });

  test('does not exist for a library without a converter', () => {
    const schema = {
      '~standard': { version: 1 as const, vendor: 'another', validate: (value: unknown) => ({ value }) },
    };

    expect(() => jsonSchema(schema)).toThrow(
      'jobtree cannot convert a schema of another to JSON Schema; use zod',
    );
  });

  test('is a JSON Schema itself', () => {
    expect(jsonSchema({ type: 'object' })).toEqual({ type: 'object' });
  });
});
