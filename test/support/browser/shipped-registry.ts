import { templateBody } from '#contract/template.ts';
import { shippedSplitters } from '../../../functions/split-batch/splitters/index.ts';
import { jsonSchema, type Registry } from '../../../lib/registry.ts';
import { shippedWorkers } from '../../../lib/shipped-workers.ts';

/** The splitters and workers that ship, with their schemas, and a template. */
export const SHIPPED_REGISTRY: Registry = {
  splitters: shippedSplitters.map(({ name, description, definition }) => ({
    name,
    description,
    definition: jsonSchema(definition),
  })),
  workers: [...shippedWorkers({ documents: true, officeToPdf: true })].map(([name, { options }]) => ({
    name,
    description: options.description,
    parameters: jsonSchema(options.parameters),
  })),
  jobTypes: [],
  templates: [
    {
      ...templateBody.parse({
        description: 'Converts each document to a multi-page TIFF',
        parametersSchema: {
          type: 'object',
          properties: {
            dpi: { type: 'integer', minimum: 72, maximum: 600, description: 'Resolution of the pages.' },
            color: { enum: ['bilevel', 'gray', 'rgb'] },
          },
          additionalProperties: false,
        },
        steps: [
          { name: 'to-pdf', worker: 'to-pdf', expectsNewPart: true },
          { name: 'to-tiff', worker: 'to-tiff', parameters: { dpi: '$.parameters.dpi' } },
        ],
      }),
      name: 'production',
      version: 'deployed-0123456789ab',
    },
  ],
  secrets: {},
  functions: {},
};
