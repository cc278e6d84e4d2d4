/** What a reader can act on: what was wanted, what was found, what is allowed, what to do next. Never shown with a stack. */
export class LocalRefusal extends Error {
  override readonly name = 'LocalRefusal';
}

/** Runs a command's main function; a refusal becomes one sentence on stderr and exit code 1. */
export async function runMain(main: () => Promise<number | undefined>): Promise<void> {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    if (!(error instanceof LocalRefusal)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
