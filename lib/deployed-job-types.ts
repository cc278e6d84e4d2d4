import type * as z from 'zod';
import { idProblem } from '#contract/ids.ts';
import { type JobType, jobTypeBody } from '#contract/job-type.ts';
import { jobTypeFaults } from '../functions/creation/evaluate.ts';
import { deployedDocuments } from './deployed-documents.ts';

/** A job type as PUT `/job-types/{name}` takes it. */
export type JobTypeProps = z.input<typeof jobTypeBody>;

/** Those that ship and those of the app, by name; throws on one that could never make a job. */
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
