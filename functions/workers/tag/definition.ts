import { isMet } from '#core/condition.ts';
import type { Item } from '#core/item.ts';
import { defineWorker } from '#kit/define-worker.ts';
import { type TagParameters, tagParameters } from './parameters.ts';

type Tags = ReadonlyMap<string, string>;

/** The worker `tag`. An unchanged item also succeeds, so that the next worker of a pipeline gets it. */
export const worker = defineWorker<TagParameters>({
  name: 'tag',
  parameters: tagParameters,
  concurrency: 25,
  run(item, { parameters, skip }) {
    const before = tagsOf(item);
    const after = applyRules(item, before, parameters.rules);
    const isChanged =
      after.size !== before.size || [...after].some(([name, value]) => before.get(name) !== value);
    if (!isChanged && parameters.skipUnchanged) skip();
    return { tags: Object.fromEntries(after), changed: isChanged };
  },
});

/** Returns the tags in the item's payload, in the format of this worker's output. */
function tagsOf({ payload }: Item): Tags {
  const { tags } = (typeof payload === 'object' && payload !== null ? payload : {}) as { tags?: unknown };
  if (typeof tags !== 'object' || tags === null || Array.isArray(tags)) return new Map();
  return new Map(
    Object.entries(tags).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

function applyRules(
  { id, payload, parts = [], indexData, properties }: Item,
  before: Tags,
  rules: TagParameters['rules'],
): Tags {
  const tags = new Map(before);
  for (const { when, set = {}, remove = [] } of rules) {
    const source = { id, payload, parts, indexData, properties, tags: Object.fromEntries(tags) };
    if (when !== undefined && !isMet(when, source)) continue;
    for (const [name, value] of Object.entries(set)) tags.set(name, value);
    for (const name of remove) tags.delete(name);
  }
  return tags;
}
