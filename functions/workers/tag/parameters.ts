import * as z from 'zod';
import type { Condition } from '#core/condition.ts';

export const tagDescription =
  'Sets and removes tags on items by rules over their data: {tags, changed} is the output of each.';

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
    matches: z.string().max(500).optional().describe('The whole text; * for any characters, ? for one.'),
    exists: z.boolean().optional(),
    greater: bound.optional(),
    less: bound.optional(),
  })
  .refine((condition) => Object.keys(condition).length > 1, 'needs equals, matches, exists, greater or less');

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
        when: condition.optional().describe('Absent: the rule is for every item.'),
        set: z.record(tagName, z.string().max(1024)).optional(),
        remove: z.array(tagName).max(100).optional(),
      }),
    )
    .min(1)
    .max(MAX_RULES)
    .describe('In order; each sees the tags that those before it left.'),
  skipUnchanged: z
    .boolean()
    .default(false)
    .describe('Items without a change are skipped; they then go to no further worker.'),
});
export type TagParameters = z.infer<typeof tagParameters>;
