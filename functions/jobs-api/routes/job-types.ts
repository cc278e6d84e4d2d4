/** Job types of partitions and global job types. */

import type { JobTypeView } from '#contract/job-type.ts';
import { findJobTypeFaults } from '../../creation/evaluator.ts';
import { jobTypeLookup, type WholeJobType } from '../../creation/job-types.ts';
import { invalidMembers } from '../../creation/wrong-input.ts';
import { DOCUMENT_KINDS } from '../missing.ts';
import type { ApiPorts, ApiRequest, OperationHandler } from '../request.ts';
import { VersionedDocuments } from '../versioned-documents.ts';

export const jobTypes = new VersionedDocuments({
  names: DOCUMENT_KINDS[0],
  lookup: jobTypeLookup,
  deployedFrom: 'lib/job-types or the property jobTypes of JobService',
  shown: ({ configuration, ...type }: WholeJobType, toAdmin): JobTypeView =>
    toAdmin ? { ...type, configuration } : type,
  summary: ({ name, version, description, scope, deployed }: WholeJobType) => ({
    name,
    version,
    description,
    scope,
    deployed,
  }),
});

export const listJobTypes: OperationHandler<'listJobTypes'> = jobTypes.list;

export const listPartitionJobTypes: OperationHandler<'listPartitionJobTypes'> = jobTypes.list;

export const getJobType: OperationHandler<'getJobType'> = jobTypes.get;

export const getPartitionJobType: OperationHandler<'getPartitionJobType'> = jobTypes.get;

export const putJobType: OperationHandler<'putJobType'> = putAnyScope;

export const putPartitionJobType: OperationHandler<'putPartitionJobType'> = putAnyScope;

type PutRequest = ApiRequest<'putJobType'> | ApiRequest<'putPartitionJobType'>;

/** Stores a global job type or a job type of a partition. */
async function putAnyScope(request: PutRequest, ports: ApiPorts) {
  const { body, parameters } = request;
  jobTypes.checkPut(parameters, body, ports);
  const faults = await findJobTypeFaults(body);
  if (faults.length > 0) throw invalidMembers(faults);
  return jobTypes.put({ content: body, stored: () => body }, request, ports);
}

export const deleteJobType: OperationHandler<'deleteJobType'> = jobTypes.delete;

export const deletePartitionJobType: OperationHandler<'deletePartitionJobType'> = jobTypes.delete;

export const listJobTypeVersions: OperationHandler<'listJobTypeVersions'> = jobTypes.versions;

export const listPartitionJobTypeVersions: OperationHandler<'listPartitionJobTypeVersions'> =
  jobTypes.versions;
