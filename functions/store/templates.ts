/** Templates that were put through the API. */
import type { TemplateBody } from '#contract/template.ts';
import { templateKeys } from './keys.ts';
import { Versioned } from './versioned.ts';

/** What is kept of a version: the template, and the published version of the state machine that runs it. */
export interface KeptTemplate extends TemplateBody {
  readonly machine: string;
}

/** Those of one partition; without one, those of all partitions. */
export function storedTemplates(partition: string | undefined): Versioned<KeptTemplate> {
  return new Versioned(templateKeys(partition));
}
