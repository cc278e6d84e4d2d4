import * as z from 'zod';
import { jobTypes } from '../../store/job-types.ts';
import { findJobType, storedView } from '../job-types/job-types.ts';
import { noSuchJobType } from '../missing.ts';
import { fitAnswer, PagedList } from '../pages.ts';
import type { OperationHandler } from '../request.ts';

const versionsPosition = z.strictObject({ before: z.int().min(1) });

/** Of a deployed type there is the one version; of a type that was deleted, those that jobs may name. */
export const listJobTypeVersions: OperationHandler<'listJobTypeVersions'> = async (request, tools) => {
  const { name } = request.parameters;
  const list = new PagedList(request, tools, versionsPosition);
  const start = await list.start();
  const current = start === undefined ? await findJobType(name, tools) : undefined;
  if (current?.deployed === true) return list.answer([current], undefined);
  const { limit } = request.query;
  const versions = await jobTypes.versions(tools.table, name, { limit: limit + 1, before: start?.before });
  if (versions.length === 0 && start === undefined) throw noSuchJobType(name);
  const placed = versions.slice(0, limit).map((type) => ({
    entry: storedView(type),
    position: { before: type.version },
  }));
  const { entries, next } = fitAnswer(placed, versions.length > limit ? placed.at(-1)?.position : undefined);
  return list.answer(entries, next);
};
