/** Templates that were created through the API. */
import * as z from 'zod';
import type { TemplateBody } from '#contract/template.ts';
import { templateKeys } from './keys.ts';
import { Versioned } from './versioned.ts';

/** A stored version: the template, and the published version of the state machine that runs it. */
export interface StoredTemplate extends TemplateBody {
  readonly machine: string;
}

/** Without the limits of a request: another release may have stored it under other limits. */
const storedBody = z.strictObject({
  description: z.string(),
  enabled: z.boolean(),
  parametersSchema: z.record(z.string(), z.unknown()).optional(),
  itemsPerTask: z.int().optional(),
  steps: z.array(
    z.looseObject({
      name: z.string(),
      worker: z.string(),
      inputMimeTypes: z.array(z.string()),
      parameters: z.record(z.string(), z.unknown()),
    }),
  ),
  flow: z
    .array(
      z.looseObject({ from: z.string(), on: z.string(), to: z.union([z.string(), z.array(z.string())]) }),
    )
    .optional(),
  machine: z.string(),
});

/** Returns the templates of one partition, or the global ones if `partition` is undefined. */
export function storedTemplates(partition: string | undefined): Versioned<StoredTemplate> {
  return new Versioned(templateKeys(partition), storedBody);
}
