import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type * as z from 'zod';
import { idProblem } from '#contract/ids.ts';
import { type JobType, jobTypeBody } from '#contract/job-types.ts';
import { canonicalJson, sha256 } from '../functions/jobs-api/canonical.ts';
import { jobTypeFaults } from '../functions/jobs-api/job-types/evaluate.ts';
import { projectFile } from './bundle.ts';

/** A job type as PUT `/job-types/{name}` takes it. */
export type JobTypeProps = z.input<typeof jobTypeBody>;

const FOLDER = projectFile('lib/job-types');
const HASH_LENGTH = 12;

/** The job types of the folder `lib/job-types`, each a file that is named after it. */
function shippedJobTypes(): Record<string, JobTypeProps> {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
  return Object.fromEntries(
    files.map((file) => [basename(file, '.json'), JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))]),
  );
}

/** Those that ship and those of the app; one that could never make a job is refused when the app is synthesized. */
export function deployedJobTypes(own: Readonly<Record<string, JobTypeProps>>): JobType[] {
  const shipped = shippedJobTypes();
  const taken = Object.keys(own).find((name) => name in shipped);
  if (taken !== undefined) {
    throw new Error(`job type '${taken}' is one that jobtree brings; choose another name`);
  }
  return Object.entries({ ...shipped, ...own })
    .map(([name, props]) => checked(name, props))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function checked(name: string, props: JobTypeProps): JobType {
  const problem = idProblem('jobType', name);
  if (problem !== undefined) throw new Error(`job type '${name}': ${problem}`);
  const parsed = jobTypeBody.safeParse(props);
  const faults = parsed.success
    ? jobTypeFaults(parsed.data).map(({ path, detail }) => ({ path, message: detail }))
    : parsed.error.issues;
  if (!parsed.success || faults.length > 0) {
    const told = faults.map(({ path, message }) => `/${path.join('/')}: ${message}`);
    throw new Error(`job type '${name}' is not valid: ${told.join('; ')}`);
  }
  const version = `deployed-${sha256(canonicalJson(parsed.data)).slice(0, HASH_LENGTH)}`;
  return { ...parsed.data, name, version };
}
