import { editedMembers } from '#contract/edit-job.ts';
import { editJob as edit } from '../../store/edits.ts';
import { readProgress } from '../../store/progress.ts';
import { checkVersion } from '../etag.ts';
import { shownJob } from '../existing-job.ts';
import { noSuchJob } from '../missing.ts';
import type { OperationHandler } from '../request.ts';

export const editJob: OperationHandler<'editJob'> = async (request, tools) => {
  const { parameters, header, body, caller } = request;
  const key = { partition: parameters.p, job: parameters.j };
  const edited = await edit(tools.table, key, {
    now: tools.clock.now(),
    actor: caller.sub,
    edit: (job) => {
      checkVersion(header('If-Match'), job);
      return editedMembers(job, body);
    },
  });
  if (edited.outcome === 'missing') throw noSuchJob(key);
  const { job } = edited;
  return shownJob(job, await readProgress(tools.table, job), tools);
};
