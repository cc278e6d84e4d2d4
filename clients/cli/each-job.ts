import type { Context } from './context.ts';
import { reportedError } from './errors.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';

/** Acts on each named job, also if one of them fails. Returns the exit code of the first failure. */
export async function eachJob(
  { output }: Context,
  jobs: readonly string[],
  act: (job: string) => Promise<string>,
): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  for (const job of jobs) {
    try {
      output.note(await act(job));
    } catch (error) {
      if (jobs.length === 1) throw error;
      const reported = reportedError(error);
      output.stderr.write(`${job}: ${reported.lines.join('\n')}\n`);
      if (exitCode === EXIT.ok) exitCode = reported.exitCode;
    }
  }
  return exitCode;
}
