/** One error in a request, with its location. */
export interface ProblemDetail {
  readonly pointer?: string;
  readonly parameter?: string;
  readonly detail: string;
}

/**
 * An error that the API returns to the caller. `code` is stable; the message states the problem, the value
 * received, what is allowed and what to do next.
 */
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

/**
 * Thrown for work that would fail again on every attempt. The job, batch or item fails at once with this
 * reason.
 */
export class PermanentFailure extends Error {
  override readonly name = 'PermanentFailure';
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Thrown for work that may succeed later. It is retried with backoff until its attempts are used up. */
export class RetryableFailure extends Error {
  override readonly name = 'RetryableFailure';
  readonly code: string;
  /** Minimum number of seconds before the next attempt. SQS allows at most 900. */
  readonly retryAfterSeconds: number;

  constructor(code: string, message: string, options: ErrorOptions & { retryAfterSeconds?: number } = {}) {
    super(message, options);
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds ?? 0;
  }
}

/**
 * Thrown for a message, row or object that a later release wrote. It is retried later, when this release may
 * have been replaced.
 */
export class NewerVersion extends Error {
  override readonly name = 'NewerVersion';
}
