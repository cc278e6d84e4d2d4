/** Operations on one job. */
import { editedMembers } from '#contract/edit-job.ts';
import { createJobWithId, requestHash } from '../../creation/create-job.ts';
import { createJobWithKey } from '../../creation/idempotency.ts';
import { deleteJob as removeJob } from '../../store/delete-job.ts';
import { editJob as edit } from '../../store/edits.ts';
import { readProgress } from '../../store/progress.ts';
import { createdResponse, jobExists, jobPath } from '../created-job.ts';
import { checkVersion, isCurrent, jobEtag } from '../etag.ts';
import { existingJobWithProgress, jobResponse } from '../existing-job.ts';
import { noSuchJob } from '../missing.ts';
import type { OperationHandler } from '../request.ts';

export const putJob: OperationHandler<'putJob'> = async (request, ports) => {
  const { p: partition, j } = request.parameters;
  const { kind, job } = await createJobWithId({ partition, job: j }, request, ports);
  switch (kind) {
    case 'created':
      return createdResponse(job, request.reference(jobPath(job)), ports);
    case 'same':
      return { status: 204 };
    case 'exists':
      throw jobExists(job);
  }
};

export const createJob: OperationHandler<'createJob'> = async (request, ports) => {
  const { kind, job } = await createJobWithKey(
    {
      partition: request.parameters.p,
      key: request.header('Idempotency-Key'),
      requestHash: requestHash(request),
      creation: () => request,
    },
    ports,
  );
  if (kind === 'exists') throw jobExists(job);
  return createdResponse(job, request.reference(jobPath(job)), ports);
};

export const getJob: OperationHandler<'getJob'> = async (request, ports) => {
  const { job, progress } = await existingJobWithProgress(request.parameters, ports);
  const etag = jobEtag(job, progress);
  if (isCurrent(request.header('If-None-Match'), etag)) return { status: 304, headers: { ETag: etag } };
  return jobResponse(job, progress, ports);
};

export const editJob: OperationHandler<'editJob'> = async (request, ports) => {
  const { parameters, header, body, caller } = request;
  const key = { partition: parameters.p, job: parameters.j };
  const edited = await edit(ports.table, key, {
    now: ports.clock.now(),
    actor: caller.sub,
    edit: (job) => {
      checkVersion(header('If-Match'), job);
      return editedMembers(job, body);
    },
  });
  if (edited.kind === 'missing') throw noSuchJob(key);
  const { job } = edited;
  return jobResponse(job, await readProgress(ports.table, job), ports);
};

export const deleteJob: OperationHandler<'deleteJob'> = async ({ parameters, header }, { table, clock }) => {
  const key = { partition: parameters.p, job: parameters.j };
  const removal = await removeJob(table, key, {
    now: clock.now(),
    check: (job) => checkVersion(header('If-Match'), job),
  });
  if (removal === 'missing') throw noSuchJob(key);
  return { status: 204 };
};
