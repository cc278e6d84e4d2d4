import { JobServiceError } from '#core/errors.ts';

/** Returns the message of a refusal. Throws if the request is accepted. */
export function refusalOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof JobServiceError && error.status === 400) return error.message;
    throw error;
  }
  throw new Error('it was accepted');
}
