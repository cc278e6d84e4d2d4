/** The job types of a deployment. */
import type { JobTypeView } from '#contract/job-type.ts';
import { storedJobTypes } from '../../store/job-types.ts';
import { VersionedDocuments } from '../versioned-documents.ts';

export const jobTypes = new VersionedDocuments({
  noun: 'job type',
  path: '/job-types',
  deployedFrom: 'lib/job-types or the property jobTypes of JobService',
  store: storedJobTypes,
  deployed: (registry) => registry.jobTypes.map((type): JobTypeView => ({ ...type, deployed: true })),
  view: ({ version, ...type }): JobTypeView => ({ ...type, version: String(version), deployed: false }),
});
