import * as v from 'valibot';
import type { Condition } from '#core/condition.ts';

export const tagDescription =
  'Sets and removes tags of items by rules on their data. The output of each item is {tags, changed}.';

const MAX_RULES = 100;

const scalar = v.union([v.string(), v.number(), v.boolean(), v.null()]);
const bound = v.union([v.string(), v.number()]);

const fieldCondition = v.pipe(
  v.strictObject({
    field: v.pipe(
      v.string(),
      v.nonEmpty(),
      v.maxLength(500),
      v.description(
        'id, payload.name, payload.list.0, parts.*.mimeType, parts.*.properties.name, indexData.name or tags.name.',
      ),
    ),
    equals: v.optional(scalar),
    matches: v.optional(
      v.pipe(
        v.string(),
        v.maxLength(500),
        v.description('Pattern for the whole text: * matches any characters, ? matches one.'),
      ),
    ),
    exists: v.optional(v.boolean()),
    greater: v.optional(bound),
    less: v.optional(bound),
  }),
  v.check(
    (condition) => Object.keys(condition).length > 1,
    'requires equals, matches, exists, greater or less',
  ),
);

const conditions = () => v.pipe(v.array(condition), v.nonEmpty(), v.maxLength(50));
const condition: v.GenericSchema<Condition> = v.lazy(() =>
  v.union([v.strictObject({ all: conditions() }), v.strictObject({ any: conditions() }), fieldCondition]),
);

const tagName = v.pipe(v.string(), v.nonEmpty(), v.maxLength(128));

export const tagParameters = v.strictObject({
  rules: v.pipe(
    v.array(
      v.strictObject({
        when: v.optional(
          v.pipe(condition, v.description('Condition of the rule. Default: the rule applies to every item.')),
        ),
        set: v.optional(v.record(tagName, v.pipe(v.string(), v.maxLength(1024)))),
        remove: v.optional(v.pipe(v.array(tagName), v.maxLength(100))),
      }),
    ),
    v.nonEmpty(),
    v.maxLength(MAX_RULES),
    v.description('Applied in order. Each rule sees the tags that earlier rules set.'),
  ),
  skipUnchanged: v.optional(
    v.pipe(v.boolean(), v.description('Skips unchanged items. They do not go to further workers.')),
    false,
  ),
});
export type TagParameters = v.InferOutput<typeof tagParameters>;
