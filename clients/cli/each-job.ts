import type { Context } from './context.ts';
import { reportedError } from './errors.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';

/** The result for one job: a sentence for people, and members for programs. */
export interface JobResult {
  readonly note: string;
  readonly view: Readonly<Record<string, unknown>>;
}

/** Acts on each named job, also if one of them fails. Returns the exit code of the first failure. */
export async function eachJob(
  { output }: Context,
  jobs: readonly string[],
  act: (job: string) => Promise<JobResult>,
): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const views: object[] = [];
  for (const job of jobs) {
    try {
      const { note, view } = await act(job);
      views.push({ job, ...view });
      output.note(note);
    } catch (error) {
      if (jobs.length === 1) throw error;
      const reported = reportedError(error);
      output.stderr.write(`${job}: ${reported.lines.join('\n')}\n`);
      if (exitCode === EXIT.ok) exitCode = reported.exitCode;
    }
  }
  if (output.format !== 'text') await output.list(views, [], '');
  return exitCode;
}

/** Prints the jobs that a dry run would change. */
export async function printNamed({ output }: Context, jobs: readonly string[]): Promise<void> {
  const rows = jobs.map((job) => ({ job }));
  await output.list(rows, [{ title: 'JOB', value: ({ job }) => job }], 'No job would change.');
}
