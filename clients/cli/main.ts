/** The `jobtree` command. */
import { CommanderError } from 'commander';
import packageFile from '../../package.json' with { type: 'json' };
import { Interrupted, reportedError } from './errors.ts';
import { EXIT } from './exit-codes.ts';
import { createProgram } from './program.ts';

// A reader that ends early, such as `head`, is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.ok);
  throw error;
});

const program = createProgram(packageFile.version);
for (const command of [program, ...program.commands.flatMap((each) => [each, ...each.commands])])
  command.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitOf(error);
}

function exitOf(error: unknown): number {
  // Commander has already printed help, version or the usage error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (isInterrupted(error)) return EXIT.interrupted;
  const { exitCode, lines } = reportedError(error);
  process.stderr.write(`${lines.join('\n')}\n`);
  if (process.env['JOBTREE_DEBUG']) process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  return exitCode;
}

/** Ctrl-C ends calls with its own error, and timers with one whose cause it is. */
function isInterrupted(error: unknown): boolean {
  return error instanceof Interrupted || (error instanceof Error && error.cause instanceof Interrupted);
}
