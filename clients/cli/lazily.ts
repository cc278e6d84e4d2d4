/** Loads the code of a command when it runs, so that --help and completion stay fast. */
import type { Command } from 'commander';
import type { Context, GlobalOptions } from './context.ts';

/** Runs a command with its options and arguments. Returns an exit code, or nothing for success. */
// biome-ignore lint/suspicious/noExplicitAny: commander checks options and arguments by their definition
export type Run = (context: Context, options: any, ...args: any[]) => Promise<unknown>;

/** Returns the action of a command that is loaded by `load`. */
export function lazily(load: () => Promise<Run>) {
  return async (...parameters: unknown[]): Promise<void> => {
    const command = parameters.pop() as Command;
    // The local options, which `optsWithGlobals` includes.
    parameters.pop();
    const options = command.optsWithGlobals<GlobalOptions>();
    const [{ contextOf }, run] = await Promise.all([import('./context.ts'), load()]);
    const context = contextOf(options);
    const exitCode = await run(context, options, ...parameters);
    process.exitCode = typeof exitCode === 'number' ? exitCode : 0;
  };
}
