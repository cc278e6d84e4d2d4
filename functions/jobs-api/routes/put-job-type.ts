import { MAX_JOB_TYPE_BYTES } from '#contract/job-types.ts';
import { jobTypes } from '../../store/job-types.ts';
import { canonicalJson, sha256 } from '../canonical.ts';
import { checkDocumentSize } from '../document-size.ts';
import { findFaults } from '../job-types/evaluator.ts';
import { checkTypeVersion, jobTypeEtag, refuseDeployed, storedView } from '../job-types/job-types.ts';
import type { OperationHandler } from '../request.ts';
import { wrongPlaces } from '../wrong-input.ts';

export const putJobType: OperationHandler<'putJobType'> = async (request, tools) => {
  const { body, caller, header, reference } = request;
  const { name } = request.parameters;
  refuseDeployed(name, tools);
  checkDocumentSize('job type', body, MAX_JOB_TYPE_BYTES);
  const faults = await findFaults(body);
  if (faults.length > 0) throw wrongPlaces(faults);
  const { outcome, document } = await jobTypes.put(tools.table, name, {
    body: () => body,
    hash: sha256(canonicalJson(body)),
    now: tools.clock.now(),
    caller: caller.sub,
    check: (standing) => checkTypeVersion(header('If-Match'), name, standing),
  });
  const view = storedView(document);
  const isNew = outcome === 'created';
  return {
    status: isNew ? 201 : 200,
    body: view,
    headers: {
      ETag: jobTypeEtag(view),
      ...(isNew ? { Location: reference(`/job-types/${encodeURIComponent(name)}`) } : {}),
    },
  };
};
