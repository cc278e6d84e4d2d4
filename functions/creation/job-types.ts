/** Job types of partitions and global job types, as jobs are created from them. */
import type { JobType, JobTypeView } from '#contract/job-type.ts';
import { storedJobTypes } from '../store/job-types.ts';
import { DocumentLookup } from './document-lookup.ts';

/** A job type with its configuration. */
export type WholeJobType = JobType & Omit<JobTypeView, 'configuration'>;

export const jobTypeLookup = new DocumentLookup({
  store: storedJobTypes,
  deployed: (registry) =>
    registry.jobTypes.map((type): WholeJobType => ({ ...type, deployed: true, scope: 'global' })),
  view: ({ version, ...type }, scope): WholeJobType => ({
    ...type,
    version: String(version),
    scope,
    deployed: false,
  }),
});
