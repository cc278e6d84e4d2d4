import type { ThreadLimits } from './limited-thread.ts';

const MEBIBYTE = 1024 * 1024;

/** What a small document may take for one piece of it: what it hangs on is ended soon. */
const STALL_SECONDS = 4;
/** Large ones take longer to open, honest ones at this rate. */
const STALL_SECONDS_PER_MEBIBYTE = 1 / 16;
/** By which the process may grow. */
export const MAX_MEMORY_MEBIBYTES = 400;

/** How long one piece of a document of so many bytes may take. */
export function stallSecondsOf(sizeBytes: number): number {
  return STALL_SECONDS + (sizeBytes / MEBIBYTE) * STALL_SECONDS_PER_MEBIBYTE;
}

/** The limits for work on documents of so many bytes. */
export function limitsOf(
  sizeBytes: number,
  { timeoutSeconds, signal }: { readonly timeoutSeconds: number; readonly signal: AbortSignal },
): ThreadLimits {
  return {
    timeoutSeconds,
    stallSeconds: stallSecondsOf(sizeBytes),
    maxMemoryMebibytes: MAX_MEMORY_MEBIBYTES,
    signal,
  };
}
