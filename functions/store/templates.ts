/** Templates that were created through the API. */
import * as v from 'valibot';
import { integer } from '#contract/integers.ts';
import type { TemplateBody } from '#contract/template.ts';
import { templateKeys } from './keys.ts';
import { Versioned } from './versioned.ts';

/** A stored version: the template, and the published version of the state machine that runs it. */
export interface StoredTemplate extends TemplateBody {
  readonly machine: string;
}

const json = v.record(v.string(), v.unknown());
const step = v.looseObject({
  name: v.string(),
  worker: v.string(),
  inputMimeTypes: v.array(v.string()),
  parameters: json,
});
const edge = v.looseObject({
  from: v.string(),
  on: v.string(),
  to: v.union([v.string(), v.array(v.string())]),
});

/** Without the limits of a request: another release may have stored it under other limits. */
const storedBody = v.looseObject({
  description: v.string(),
  enabled: v.boolean(),
  parametersSchema: v.optional(json),
  itemsPerTask: v.optional(integer),
  steps: v.array(step),
  flow: v.optional(v.array(edge)),
  machine: v.string(),
});

/** Returns the templates of one partition, or the global ones if `partition` is undefined. */
export function storedTemplates(partition: string | undefined): Versioned<StoredTemplate> {
  return new Versioned(templateKeys(partition), storedBody);
}
