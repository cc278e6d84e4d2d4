/** Templates that were put through the API. */
import type { TemplateBody } from '#contract/template.ts';
import { TEMPLATE_KEYS } from './keys.ts';
import { Versioned } from './versioned.ts';

/** What is kept of a version: the template, and the published version of the state machine that runs it. */
export interface KeptTemplate extends TemplateBody {
  readonly machine: string;
}

export const storedTemplates = new Versioned<KeptTemplate>(TEMPLATE_KEYS);
