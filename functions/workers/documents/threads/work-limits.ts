import type { ThreadLimits } from './limited-thread.ts';

const MEBIBYTE = 1024 * 1024;

/** Stall limit for a small document, so that a stalled parser ends soon. */
const STALL_SECONDS = 4;
/** Added per mebibyte of the document, because large documents take longer to open. Valid ones stay below this rate. */
const STALL_SECONDS_PER_MEBIBYTE = 1 / 16;
/** Maximum growth of the process. */
export const MAX_MEMORY_MEBIBYTES = 400;

/** Returns the stall limit for a document of the given size. */
export function stallSecondsOf(sizeBytes: number): number {
  return STALL_SECONDS + (sizeBytes / MEBIBYTE) * STALL_SECONDS_PER_MEBIBYTE;
}

/** Returns the limits for documents of the given total size. */
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
