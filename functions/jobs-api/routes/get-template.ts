import { isKnown } from '../etag.ts';
import { noSuchTemplate } from '../missing.ts';
import type { OperationHandler } from '../request.ts';
import { findTemplate, templateEtag } from '../templates/templates.ts';

export const getTemplate: OperationHandler<'getTemplate'> = async ({ parameters, header }, tools) => {
  const template = await findTemplate(parameters.t, tools);
  if (template === undefined) throw noSuchTemplate(parameters.t);
  const headers = { ETag: templateEtag(template) };
  if (isKnown(header('If-None-Match'), headers.ETag)) return { status: 304, headers };
  return { status: 200, body: template, headers };
};
