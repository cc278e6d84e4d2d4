/** ETag of a job: `"<version>.<progress>"`, where progress grows with what it waits for, too. */
import { refusal } from '#contract/problem.ts';
import type { Job } from '#core/job.ts';

export function jobEtag(
  { version, startRevision = 0 }: Pick<Job, 'version' | 'startRevision'>,
  progress: { readonly revision: number },
): string {
  return `"${version}.${progress.revision + startRevision}"`;
}

/** Whether what the caller has is what there is (If-None-Match). */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  return tagsOf(ifNoneMatch).some((tag) => tag === '*' || tag === etag);
}

/** Refuses a change of a job that is no longer what the caller saw; its progress does not count. */
export function checkVersion(ifMatch: string | undefined, job: Job): void {
  if (ifMatch === undefined) return;
  const versions = tagsOf(ifMatch).map((tag) => (tag === '*' ? job.version : versionIn(tag)));
  if (versions.includes(job.version)) return;
  throw refusal(
    'precondition-failed',
    `job '${job.job}' has version ${job.version}, If-Match asks for ${ifMatch.slice(0, 100)}; read the job again and decide anew`,
  );
}

function versionIn(tag: string): number | undefined {
  const digits = /^"(\d{1,15})(?:\.\d+)?"$/.exec(tag)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Without the mark of weak tags: proxies that compress add it, and the tag still names the same version. */
function tagsOf(header = ''): string[] {
  return header.match(/\*|"[^"]*"/g) ?? [];
}
