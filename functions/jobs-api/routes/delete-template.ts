import { templates } from '../../store/templates.ts';
import { noSuchTemplate } from '../missing.ts';
import type { OperationHandler } from '../request.ts';
import { checkTemplateVersion, refuseDeployed } from '../templates/templates.ts';

/** Its state machine stays: jobs that were created by it may still wait to be started. */
export const deleteTemplate: OperationHandler<'deleteTemplate'> = async ({ parameters, header }, tools) => {
  const { t: name } = parameters;
  refuseDeployed(name, tools);
  const outcome = await templates.delete(tools.table, name, (standing) =>
    checkTemplateVersion(header('If-Match'), name, standing),
  );
  if (outcome === 'missing') throw noSuchTemplate(name);
  return { status: 204 };
};
