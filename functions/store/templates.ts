/** Templates that were created through the API. */
import type { TemplateBody } from '#contract/template.ts';
import { templateKeys } from './keys.ts';
import { Versioned } from './versioned.ts';

/** A stored version: the template, and the published version of the state machine that runs it. */
export interface StoredTemplate extends TemplateBody {
  readonly machine: string;
}

/** Returns the templates of one partition, or the global ones if `partition` is undefined. */
export function storedTemplates(partition: string | undefined): Versioned<StoredTemplate> {
  return new Versioned(templateKeys(partition));
}
