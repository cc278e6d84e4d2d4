/** The job types of a deployment: those that came with it, before those that were put through the API. */
import type { JobType, JobTypeView } from '#contract/job-types.ts';
import { refusal } from '#contract/problem.ts';
import { jobTypes, type StoredJobType } from '../../store/job-types.ts';
import { isKnown } from '../etag.ts';
import type { ApiTools } from '../request.ts';

type Tools = Pick<ApiTools, 'registry' | 'table'>;

export async function findJobType(
  name: string,
  { registry, table }: Tools,
): Promise<JobTypeView | undefined> {
  const deployed = registry.jobTypes.find((type) => type.name === name);
  if (deployed !== undefined) return deployedView(deployed);
  const stored = await jobTypes.read(table, name);
  return stored && storedView(stored);
}

/** By name. */
export async function allJobTypes({ registry, table }: Tools): Promise<JobTypeView[]> {
  const deployed = new Set(registry.jobTypes.map(({ name }) => name));
  const stored = (await jobTypes.list(table)).filter(({ name }) => !deployed.has(name));
  return [...registry.jobTypes.map(deployedView), ...stored.map(storedView)].sort((one, other) =>
    one.name < other.name ? -1 : 1,
  );
}

export function refuseDeployed(name: string, { registry }: Pick<ApiTools, 'registry'>): void {
  if (registry.jobTypes.every((type) => type.name !== name)) return;
  throw refusal(
    'read-only',
    `job type '${name}' comes with the deployment; change it there (lib/job-types or the property jobTypes of JobService) and deploy, or choose another name`,
  );
}

export function storedView({ version, ...type }: StoredJobType): JobTypeView {
  return { ...type, version: String(version), deployed: false };
}

function deployedView(type: JobType): JobTypeView {
  return { ...type, deployed: true };
}

export function jobTypeEtag({ version }: Pick<JobType, 'version'>): string {
  return `"${version}"`;
}

/** Refuses a change of a type that is no longer what the caller saw. */
export function checkTypeVersion(
  ifMatch: string | undefined,
  name: string,
  standing: StoredJobType | undefined,
): void {
  if (ifMatch === undefined) return;
  if (standing !== undefined && isKnown(ifMatch, jobTypeEtag(storedView(standing)))) return;
  const has = standing === undefined ? 'does not exist' : `has version ${standing.version}`;
  throw refusal(
    'precondition-failed',
    `job type '${name}' ${has}, If-Match asks for ${ifMatch.slice(0, 100)}; read it again and decide anew`,
  );
}
