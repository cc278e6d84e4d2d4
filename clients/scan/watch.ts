/** Scans repeatedly until the signal is aborted or, with `--once`, until no request is left. */
import { setTimeout as sleep } from 'node:timers/promises';
import { JobServiceError } from '#core/errors.ts';
import type { Scanned, Taken } from '../../functions/scan-sources/scan.ts';

export interface WatchOptions {
  readonly scan: () => Promise<Scanned>;
  readonly once: boolean;
  readonly intervalMillis: number;
  readonly signal: AbortSignal;
  /** Prints a line for the user. */
  readonly say: (line: string) => void;
}

/** Returns the exit code: 1 if a request was refused with `--once`, or if the scan cannot continue. */
export async function watch({ scan, once, intervalMillis, signal, say }: WatchOptions): Promise<0 | 1> {
  let refused = 0;
  let wasFull = false;
  while (!signal.aborted) {
    try {
      const scanned = await scan();
      refused += scanned.refused;
      if (scanned.isFull && !wasFull) say(`${scanned.found} requests wait until fewer jobs are unfinished`);
      wasFull = scanned.isFull;
      if (once && scanned.found === 0) break;
    } catch (error) {
      // An abort by the signal is not a failure.
      if (signal.aborted) break;
      say(error instanceof Error ? error.message : String(error));
      if (once || isLasting(error)) return 1;
    }
    await sleep(intervalMillis, undefined, { signal }).catch(() => undefined);
  }
  return once && refused > 0 ? 1 : 0;
}

/** True if a retry cannot help, such as with an invalid token. */
function isLasting(error: unknown): boolean {
  return error instanceof JobServiceError && [401, 403, 404].includes(error.status);
}

/** Returns the line for a request, or `undefined` if it has no final result yet. */
export function lineOf(taken: Taken): string | undefined {
  switch (taken.outcome) {
    case 'created':
      return `${taken.request}: created job ${taken.job}`;
    case 'same':
      return `${taken.request}: job ${taken.job} already exists`;
    case 'refused':
      return `${taken.request}: refused, see error/: ${taken.reason}`;
    case 'gone':
    case 'unsettled':
      return undefined;
  }
}
