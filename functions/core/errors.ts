/** One place of a request that is wrong. */
export interface ProblemDetail {
  readonly pointer?: string;
  readonly parameter?: string;
  readonly detail: string;
}

/** An error that a caller is told: `code` is stable, the message says what, got, allowed and next. */
export class JobServiceError extends Error {
  override readonly name = 'JobServiceError';
  readonly status: number;
  readonly code: string;
  readonly errors: readonly ProblemDetail[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    options: ErrorOptions & { errors?: readonly ProblemDetail[]; headers?: Record<string, string> } = {},
  ) {
    super(message, options);
    this.status = status;
    this.code = code;
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? {};
  }
}

/** Work that will fail again however often it is tried: the job, batch or item fails at once with this reason. */
export class PermanentFailure extends Error {
  override readonly name = 'PermanentFailure';
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Work that may succeed later: it is tried again with backoff until its attempts are used up. */
export class RetryableFailure extends Error {
  override readonly name = 'RetryableFailure';
  readonly code: string;
  /** Not before so many seconds have passed; SQS waits 900 at most. */
  readonly retryAfterSeconds: number;

  constructor(code: string, message: string, options: ErrorOptions & { retryAfterSeconds?: number } = {}) {
    super(message, options);
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds ?? 0;
  }
}

/** A message, row or object that a later release wrote: it is tried again later, when this release may be replaced. */
export class NewerVersion extends Error {
  override readonly name = 'NewerVersion';
}
