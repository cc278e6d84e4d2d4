/** Exit codes of the command. Scripts rely on them (docs/reference/command-line.md). */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  cancelled: 3,
  notFound: 4,
  notAllowed: 5,
  timeout: 124,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Returns the exit code for the final state of a job: 0 only if it completed without failed items. */
export function exitCodeOfJob(job: {
  readonly status: string;
  readonly items: { readonly failed: number };
}): ExitCode {
  if (job.status === 'Cancelled') return EXIT.cancelled;
  return job.status === 'Completed' && job.items.failed === 0 ? EXIT.ok : EXIT.failed;
}
