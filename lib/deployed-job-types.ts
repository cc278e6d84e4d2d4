import type * as z from 'zod';
import { idProblem } from '#contract/ids.ts';
import { type JobType, jobTypeBody } from '#contract/job-type.ts';
import { jobTypeFaults } from '../functions/creation/evaluate.ts';
import { deployedDocuments } from './deployed-documents.ts';

/** A job type, as in the body of PUT `/job-types/{name}`. */
export type JobTypeProps = z.input<typeof jobTypeBody>;

/** Returns the shipped job types and those of the app, by name. Throws if one could never create a job. */
export function deployedJobTypes(
  own: Readonly<Record<string, JobTypeProps>>,
  options: { documents: boolean },
): JobType[] {
  const kind = {
    noun: 'job type',
    folder: 'lib/job-types',
    body: jobTypeBody,
    nameProblem: (name: string) => idProblem('jobType', name),
    faults: jobTypeFaults,
  };
  return deployedDocuments(kind, own, options);
}
