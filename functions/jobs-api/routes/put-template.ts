import { refusal } from '#contract/problem.ts';
import { type TemplateBody, templateNameProblem } from '#contract/template.ts';
import { compileTemplate } from '#core/template/compile.ts';
import { checkTemplate } from '../../creation/check-template.ts';
import { wrongPlaces } from '../../creation/wrong-input.ts';
import type { OperationHandler } from '../request.ts';
import { templates } from '../templates/templates.ts';

export const putTemplate: OperationHandler<'putTemplate'> = async (request, tools) => {
  const { body } = request;
  const { t: name } = request.parameters;
  checkName(name, body);
  templates.checkPut(name, body, tools);
  const faults = await checkTemplate(body, tools);
  if (faults.length > 0) throw wrongPlaces(faults);
  const { name: _name, ...template } = body;
  // A published version that nobody names in the end, after a crash or a lost race, does no harm.
  const keep = async () => {
    const machine = await tools.machines.publish(name, compileTemplate(template, tools.flowQueues));
    return { ...template, machine };
  };
  return templates.put(name, { said: template, keep }, request, tools);
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
