import { EXIT, type ExitCode } from './exit-codes.ts';

/** An error for the user: the problem, and what to do next. Printed without a stack trace. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: ExitCode;
  /** The next step for the user. */
  readonly hint: string | undefined;

  constructor(
    message: string,
    options: { exitCode?: ExitCode; hint?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.exitCode = options.exitCode ?? EXIT.failed;
    this.hint = options.hint;
  }
}

/** The user pressed Ctrl-C. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor() {
    super('interrupted');
  }
}

/** Returns the error for arguments that are not valid. */
export function usageError(message: string, hint?: string): CliError {
  return new CliError(message, { exitCode: EXIT.usage, hint });
}

interface ProblemLike {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly requestId?: string | undefined;
  readonly errors?: readonly {
    readonly pointer?: string | undefined;
    readonly parameter?: string | undefined;
    readonly detail: string;
  }[];
}

export interface ReportedError {
  readonly exitCode: ExitCode;
  readonly lines: readonly string[];
}

/** Returns the lines for an error of any kind, and its exit code. */
export function reportedError(error: unknown): ReportedError {
  if (isProblem(error)) return reportedProblem(error);
  if (error instanceof CliError) {
    return { exitCode: error.exitCode, lines: [`error: ${error.message}`, ...hintLines(error.hint)] };
  }
  if (error instanceof Error && error.name === 'LocalRefusal') {
    return { exitCode: EXIT.failed, lines: [`error: ${error.message}`] };
  }
  return reportedUnexpected(error);
}

function isProblem(error: unknown): error is Error & ProblemLike {
  return error instanceof Error && 'status' in error && 'code' in error && 'detail' in error;
}

function reportedProblem({ status, code, detail, errors = [], requestId }: ProblemLike): ReportedError {
  const locations = errors.map(({ pointer, parameter, detail: why }) => {
    const location = pointer || parameter || 'body';
    return detail.includes(why) ? `  at ${location}` : `  ${location}: ${why}`;
  });
  const reference = [code, requestId && `request ${requestId}`].filter(Boolean).join(', ');
  return {
    exitCode: exitCodeOfStatus(status),
    lines: [`error: ${detail} (${reference})`, ...locations, ...hintLines(HINTS[status])],
  };
}

/** Next steps that the detail of the API cannot know. */
const HINTS: Readonly<Record<number, string>> = {
  0: 'Check the address with jobtree doctor. For a local service: jobtree dev starts it.',
  401: 'Sign in with jobtree login, or run jobtree doctor to see why the token is refused.',
  403: 'Use a profile whose token has the required role. jobtree doctor shows the role of this one.',
  404: 'List the jobs with jobtree jobs. Another partition is chosen with --partition.',
};

function exitCodeOfStatus(status: number): ExitCode {
  if (status === 404) return EXIT.notFound;
  if (status === 401 || status === 403) return EXIT.notAllowed;
  return [400, 413, 422].includes(status) ? EXIT.usage : EXIT.failed;
}

function reportedUnexpected(error: unknown): ReportedError {
  if (!(error instanceof Error)) return { exitCode: EXIT.failed, lines: [`error: ${String(error)}`] };
  const reason = networkReason(error);
  if (reason !== undefined) {
    const hint = 'Check the address with jobtree doctor. For a local service: jobtree dev starts it.';
    return { exitCode: EXIT.failed, lines: [`error: ${reason}`, ...hintLines(hint)] };
  }
  const hint = 'This error is unexpected. Set JOBTREE_DEBUG=1 to see its stack trace.';
  return { exitCode: EXIT.failed, lines: [`error: ${error.message}`, ...hintLines(hint)] };
}

/** Returns the reason of a failed network call, which `fetch` hides in causes. */
export function networkReason(error: Error): string | undefined {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const code = 'code' in cause ? String(cause.code) : '';
    if (/^(E[A-Z]+|UND_ERR_\w+|CERT_\w+|\w+_CERT\w*|DEPTH_ZERO_\w+)$/.test(code) && code !== 'ENOENT') {
      return cause === error ? cause.message : `${error.message}: ${cause.message || code}`;
    }
  }
  return error.message === 'fetch failed' ? error.message : undefined;
}

function hintLines(hint: string | undefined): string[] {
  return hint === undefined ? [] : [hint];
}
