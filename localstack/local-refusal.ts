/**
 * An error for users: the problem, the value found, the allowed values and the next step. Printed without a
 * stack trace.
 */
export class LocalRefusal extends Error {
  override readonly name = 'LocalRefusal';
}

/** Runs a command's main function. Prints a refusal as one sentence on stderr and sets exit code 1. */
export async function runMain(main: () => Promise<number | undefined>): Promise<void> {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    if (!(error instanceof LocalRefusal)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
