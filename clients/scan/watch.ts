/** Scans again and again, until it is told to end or, where asked, nothing is there any more. */
import { setTimeout as sleep } from 'node:timers/promises';
import { JobServiceError } from '#core/errors.ts';
import type { Scanned, Taken } from '../../functions/scan-sources/scan.ts';

export interface WatchOptions {
  readonly scan: () => Promise<Scanned>;
  readonly once: boolean;
  readonly intervalMillis: number;
  readonly signal: AbortSignal;
  /** A line for people. */
  readonly say: (line: string) => void;
}

/** Answers the exit code: 1 if a request was refused while once was asked, or the scan cannot go on. */
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
      // What a signal has broken off is no failure.
      if (signal.aborted) break;
      say(error instanceof Error ? error.message : String(error));
      if (once || isLasting(error)) return 1;
    }
    await sleep(intervalMillis, undefined, { signal }).catch(() => undefined);
  }
  return once && refused > 0 ? 1 : 0;
}

/** A token that is wrong stays so. */
function isLasting(error: unknown): boolean {
  return error instanceof JobServiceError && [401, 403, 404].includes(error.status);
}

/** `undefined` for what will be told when it is done. */
export function lineOf(taken: Taken): string | undefined {
  switch (taken.outcome) {
    case 'created':
      return `${taken.request}: created job ${taken.job}`;
    case 'same':
      return `${taken.request}: job ${taken.job} was there already`;
    case 'refused':
      return `${taken.request}: refused, see error/: ${taken.reason}`;
    case 'gone':
    case 'unsettled':
      return undefined;
  }
}
