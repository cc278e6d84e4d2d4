/** ETag of a job: `"<version>.<progress>"`. The progress also grows when a prerequisite of the job changes. */
import { refusal } from '#contract/problem.ts';
import type { Job } from '#core/job.ts';

export function jobEtag(
  { version, startRevision = 0 }: Pick<Job, 'version' | 'startRevision'>,
  progress: { readonly revision: number },
): string {
  return `"${version}.${progress.revision + startRevision}"`;
}

/** True if the caller already has the current version (If-None-Match). */
export function isCurrent(ifNoneMatch: string | undefined, etag: string): boolean {
  return tagsOf(ifNoneMatch).some((tag) => tag === '*' || tag === etag);
}

/** Refuses a change if the job has another version than the caller saw. Its progress is ignored. */
export function checkVersion(ifMatch: string | undefined, job: Job): void {
  if (ifMatch === undefined) return;
  const versions = tagsOf(ifMatch).map((tag) => (tag === '*' ? job.version : versionIn(tag)));
  if (versions.includes(job.version)) return;
  throw refusal(
    'precondition-failed',
    `job '${job.job}' has version ${job.version}, but If-Match requires ${ifMatch.slice(0, 100)}; read the job again and repeat the change if it still applies`,
  );
}

function versionIn(tag: string): number | undefined {
  const digits = /^"(\d{1,15})(?:\.\d+)?"$/.exec(tag)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Returns the tags without the weak prefix `W/`. Proxies that compress add it, and the version is the same. */
function tagsOf(header = ''): string[] {
  return header.match(/\*|"[^"]*"/g) ?? [];
}
