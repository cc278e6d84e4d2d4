import type { OperationHandler } from '../request.ts';
import { templates } from '../templates/templates.ts';

export const listTemplates: OperationHandler<'listTemplates'> = async (_request, tools) => ({
  status: 200,
  body: (await templates.all(tools)).map(({ name, version, description, enabled, deployed, steps }) => ({
    name,
    version,
    description,
    enabled,
    deployed,
    steps: steps.map((step) => step.name),
  })),
});
