import * as z from 'zod';
import { templates } from '../../store/templates.ts';
import { noSuchTemplate } from '../missing.ts';
import { fitAnswer, PagedList } from '../pages.ts';
import type { OperationHandler } from '../request.ts';
import { findTemplate, storedView } from '../templates/templates.ts';

const versionsPosition = z.strictObject({ before: z.int().min(1) });

/** Of a deployed template there is the one version; of one that was deleted, those that jobs may name. */
export const listTemplateVersions: OperationHandler<'listTemplateVersions'> = async (request, tools) => {
  const { t: name } = request.parameters;
  const list = new PagedList(request, tools, versionsPosition);
  const start = await list.start();
  const current = start === undefined ? await findTemplate(name, tools) : undefined;
  if (current?.deployed === true) return list.answer([current], undefined);
  const { limit } = request.query;
  const versions = await templates.versions(tools.table, name, { limit: limit + 1, before: start?.before });
  if (versions.length === 0 && start === undefined) throw noSuchTemplate(name);
  const placed = versions.slice(0, limit).map((template) => ({
    entry: storedView(template),
    position: { before: template.version },
  }));
  const { entries, next } = fitAnswer(placed, versions.length > limit ? placed.at(-1)?.position : undefined);
  return list.answer(entries, next);
};
