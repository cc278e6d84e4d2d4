import * as z from 'zod';
import type { Condition } from '#core/condition.ts';

export const tagDescription =
  'Sets and removes tags of items by rules on their data. The output of each item is {tags, changed}.';

const MAX_RULES = 100;

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const bound = z.union([z.string(), z.number()]);

const fieldCondition = z
  .strictObject({
    field: z
      .string()
      .min(1)
      .max(500)
      .describe(
        'id, payload.name, payload.list.0, parts.*.mimeType, parts.*.properties.name, indexData.name or tags.name.',
      ),
    equals: scalar.optional(),
    matches: z
      .string()
      .max(500)
      .optional()
      .describe('Pattern for the whole text: * matches any characters, ? matches one.'),
    exists: z.boolean().optional(),
    greater: bound.optional(),
    less: bound.optional(),
  })
  .refine(
    (condition) => Object.keys(condition).length > 1,
    'requires equals, matches, exists, greater or less',
  );

const condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(condition).min(1).max(50) }),
    z.strictObject({ any: z.array(condition).min(1).max(50) }),
    fieldCondition,
  ]),
);

const tagName = z.string().min(1).max(128);

export const tagParameters = z.strictObject({
  rules: z
    .array(
      z.strictObject({
        when: condition
          .optional()
          .describe('Condition of the rule. Default: the rule applies to every item.'),
        set: z.record(tagName, z.string().max(1024)).optional(),
        remove: z.array(tagName).max(100).optional(),
      }),
    )
    .min(1)
    .max(MAX_RULES)
    .describe('Applied in order. Each rule sees the tags that earlier rules set.'),
  skipUnchanged: z
    .boolean()
    .default(false)
    .describe('Skips unchanged items. They do not go to further workers.'),
});
export type TagParameters = z.infer<typeof tagParameters>;
