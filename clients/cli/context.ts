/** Everything that a command uses besides its arguments. */

import { Interrupted, usageError } from './errors.ts';
import { type Format, Output } from './output/output.ts';
import { type Connection, type ConnectionOptions, connect } from './settings/connection.ts';

export interface GlobalOptions extends ConnectionOptions {
  readonly json?: boolean;
  readonly ndjson?: boolean;
  readonly color?: boolean;
  readonly quiet?: boolean;
}

export interface Context {
  readonly output: Output;
  readonly options: GlobalOptions;
  readonly env: NodeJS.ProcessEnv;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  connect(): Connection;
}

export function contextOf(options: GlobalOptions): Context {
  const { json = false, ndjson = false, color = true, quiet = false } = options;
  if (json && ndjson) throw usageError('--json and --ndjson exclude each other');
  const env = color ? process.env : { ...process.env, NO_COLOR: '1' };
  const format: Format = json ? 'json' : ndjson ? 'ndjson' : 'text';
  const { stdout, stderr } = process;
  return {
    output: new Output({ format, stdout, stderr, env, isQuiet: quiet }),
    options,
    env,
    signal: interruption(),
    connect: () => connect(options, env),
  };
}

/** Returns a signal that the first Ctrl-C aborts. The second one ends the process. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => controller.abort(new Interrupted()));
  }
  return controller.signal;
}
