import { JobServiceError } from '#core/errors.ts';

/** The words with which a request is refused; throws if it is not. */
export function refusalOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof JobServiceError && error.status === 400) return error.message;
    throw error;
  }
  throw new Error('it was accepted');
}
