/** Scans repeatedly until the signal is aborted or, with `--once`, until no request is left. */
import { setTimeout as sleep } from 'node:timers/promises';
import { JobServiceError } from '#core/errors.ts';
import type { RequestResult, ScanSummary } from '../../functions/scan-sources/scan.ts';

export interface WatchOptions {
  readonly scan: () => Promise<ScanSummary>;
  readonly once: boolean;
  readonly intervalMillis: number;
  readonly signal: AbortSignal;
  /** Prints a line for the user. */
  readonly print: (line: string) => void;
}

/** Returns the exit code: 1 if a request was refused with `--once`, or if the scan cannot continue. */
export async function watch({ scan, once, intervalMillis, signal, print }: WatchOptions): Promise<0 | 1> {
  let refusedCount = 0;
  let wasFull = false;
  while (!signal.aborted) {
    try {
      const summary = await scan();
      refusedCount += summary.refused;
      if (summary.isFull && !wasFull) print(`${summary.found} requests wait until fewer jobs are unfinished`);
      wasFull = summary.isFull;
      if (once && summary.found === 0) break;
    } catch (error) {
      // An abort by the signal is not a failure.
      if (signal.aborted) break;
      print(error instanceof Error ? error.message : String(error));
      if (once || isPermanent(error)) return 1;
    }
    await sleep(intervalMillis, undefined, { signal }).catch(() => undefined);
  }
  return once && refusedCount > 0 ? 1 : 0;
}

/** True if a retry cannot help, such as with an invalid token. */
function isPermanent(error: unknown): boolean {
  return error instanceof JobServiceError && [401, 403, 404].includes(error.status);
}

/** Returns the line for a request, or `undefined` if it has no final result yet. */
export function lineOf(result: RequestResult): string | undefined {
  switch (result.kind) {
    case 'created':
      return `${result.request}: created job ${result.job}`;
    case 'same':
      return `${result.request}: job ${result.job} already exists`;
    case 'refused':
      return `${result.request}: refused, see error/: ${result.reason}`;
    case 'gone':
    case 'unsettled':
      return undefined;
  }
}
