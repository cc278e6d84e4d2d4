import { refusal } from '#contract/problem.ts';
import { MAX_TEMPLATE_BYTES, type TemplateBody, templateNameProblem } from '#contract/template.ts';
import { compileTemplate } from '#core/template/compile.ts';
import { templates } from '../../store/templates.ts';
import { canonicalJson, sha256 } from '../canonical.ts';
import { checkDocumentSize } from '../document-size.ts';
import type { OperationHandler } from '../request.ts';
import { checkTemplate } from '../templates/check-template.ts';
import { checkTemplateVersion, refuseDeployed, storedView, templateEtag } from '../templates/templates.ts';
import { wrongPlaces } from '../wrong-input.ts';

export const putTemplate: OperationHandler<'putTemplate'> = async (request, tools) => {
  const { body, caller, header, reference } = request;
  const { t: name } = request.parameters;
  checkName(name, body);
  refuseDeployed(name, tools);
  checkDocumentSize('template', body, MAX_TEMPLATE_BYTES);
  const faults = await checkTemplate(body, tools);
  if (faults.length > 0) throw wrongPlaces(faults);
  const { name: _name, ...template } = body;
  const { outcome, document } = await templates.put(tools.table, name, {
    // A published version that nobody names in the end, after a crash or a lost race, does no harm.
    body: async () => {
      const machine = await tools.machines.publish(name, compileTemplate(template, tools.flowQueues));
      return { ...template, machine };
    },
    hash: sha256(canonicalJson(template)),
    now: tools.clock.now(),
    caller: caller.sub,
    check: (standing) => checkTemplateVersion(header('If-Match'), name, standing),
  });
  const view = storedView(document);
  const isNew = outcome === 'created';
  return {
    status: isNew ? 201 : 200,
    body: view,
    headers: {
      ETag: templateEtag(view),
      ...(isNew ? { Location: reference(`/templates/${name}`) } : {}),
    },
  };
};

function checkName(name: string, body: TemplateBody): void {
  const problem = templateNameProblem(name);
  if (problem !== undefined) {
    throw refusal('invalid-request', `'${name}': ${problem}`, {
      errors: [{ parameter: 't', detail: problem }],
    });
  }
  if (body.name === undefined || body.name === name) return;
  throw wrongPlaces([
    { path: ['name'], detail: `is '${body.name}', and the path says '${name}'; leave it out` },
  ]);
}
