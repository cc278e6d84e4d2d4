/** Job types: those of partitions, and global ones. */

import type { Scope } from '#contract/document-version.ts';
import type { JobType, JobTypeView } from '#contract/job-type.ts';
import { storedJobTypes } from '../../store/job-types.ts';
import { DOCUMENT_KINDS } from '../missing.ts';
import { VersionedDocuments } from '../versioned-documents.ts';

/** A job type with its configuration, as jobs are made by it. */
export type WholeJobType = JobType & Omit<JobTypeView, 'configuration'>;

export const jobTypes = new VersionedDocuments({
  names: DOCUMENT_KINDS[0],
  deployedFrom: 'lib/job-types or the property jobTypes of JobService',
  store: storedJobTypes,
  deployed: (registry) =>
    registry.jobTypes.map((type): WholeJobType => ({ ...type, deployed: true, scope: 'global' })),
  view: ({ version, ...type }, scope: Scope): WholeJobType => ({
    ...type,
    version: String(version),
    scope,
    deployed: false,
  }),
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
