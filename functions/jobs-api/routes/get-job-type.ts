import { isKnown } from '../etag.ts';
import { findJobType, jobTypeEtag } from '../job-types/job-types.ts';
import { noSuchJobType } from '../missing.ts';
import type { OperationHandler } from '../request.ts';

export const getJobType: OperationHandler<'getJobType'> = async ({ parameters, header }, tools) => {
  const type = await findJobType(parameters.name, tools);
  if (type === undefined) throw noSuchJobType(parameters.name);
  const headers = { ETag: jobTypeEtag(type) };
  if (isKnown(header('If-None-Match'), headers.ETag)) return { status: 304, headers };
  return { status: 200, body: type, headers };
};
