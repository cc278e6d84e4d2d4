import { omitUndefined } from '#core/omit-undefined.ts';
import type { FlowEdge, Template, TemplateStep } from '#core/template/template.ts';

export function aStep(name: string, more: Partial<TemplateStep> = {}): TemplateStep {
  return {
    name,
    worker: 'work',
    inputMimeTypes: [],
    expectsNewPart: false,
    marksSourceMeta: false,
    takesFailed: false,
    parameters: {},
    onItemFailure: 'continue',
    maxAttempts: 3,
    timeoutSeconds: 3600,
    ...more,
  };
}

/** Returns a template of these steps. A string is the name of a step with default members. */
export function aTemplate(
  steps: readonly (string | TemplateStep)[],
  flow?: readonly FlowEdge[],
  more: Partial<Template> = {},
): Template {
  return {
    description: '',
    enabled: true,
    itemsPerTask: 25,
    steps: steps.map((step) => (typeof step === 'string' ? aStep(step) : step)),
    ...omitUndefined({ flow }),
    ...more,
  };
}

/** Two branches and the step that joins them. */
export const FORKED = aTemplate(
  ['split', 'left', 'right', aStep('join', { after: ['left', 'right'] }), 'last'],
  [
    { from: 'split', on: 'COMPLETED', to: ['left', 'right'] },
    { from: 'join', on: 'COMPLETED', to: 'last' },
  ],
);

/** One step that repeats on MORE. */
export const LOOP = aTemplate(
  ['unzip', 'tag'],
  [
    { from: 'unzip', on: 'MORE', to: 'unzip', maxVisits: 3 },
    { from: 'unzip', on: 'COMPLETED', to: 'tag' },
  ],
);
