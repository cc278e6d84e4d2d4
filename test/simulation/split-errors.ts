/** Errors that tree splitters throw, and the maximum number of times for each. */
import { PermanentFailure, RetryableFailure } from '#core/errors.ts';
import type { JobRun } from '#core/job.ts';
import type { SplitContext } from '#core/splitter.ts';
import { MAX_UNKNOWN_TRIES } from '../../functions/split-batch/split-failures.ts';
import type { Tree, TreePart } from './trees.ts';
import { type RunTruth, runId } from './truth.ts';

/** `twice` succeeds after two attempts. `never` looks retryable but always fails. */
export type SplitError = 'permanent' | 'bug' | 'never' | 'twice';

export const SPLIT_ERRORS: readonly SplitError[] = ['permanent', 'bug', 'never', 'twice'];

export const SPLIT_CODE = 'simulated-split';

const PASSES_AFTER = 2;

export function textOf(error: SplitError): string {
  return `simulated: the splitter meets '${error}'`;
}

/** Returns the errors in the trees below a definition. */
export function* errorsOfTree(definition: unknown): Generator<SplitError> {
  for (const part of (definition as Partial<Tree> | undefined)?.parts ?? []) {
    if (part.kind === 'throws') yield part.error;
    if (part.kind === 'batch') yield* errorsOfTree(part.definition);
  }
}

interface Reporter {
  readonly isFaultless: boolean;
  truthOf(run: JobRun): Pick<RunTruth, 'wasChanged' | 'fenceMoves'>;
  violated(invariant: string, detail: string): void;
}

export class SplitErrors {
  readonly #reporter: Reporter;
  /** Number of attempts by run and part. Attempts of a bug are counted from 0 again after a fence has moved. */
  readonly #attempts = new Map<string, number>();

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
  }

  /** Throws if the splitter cannot read the part. */
  throwErrorOf(part: TreePart, label: string, run: SplitContext): void {
    if (part.kind !== 'throws') return;
    const { error } = part;
    const { wasChanged, fenceMoves } = this.#reporter.truthOf(run);
    const location = `${runId(run)} ${label}${error === 'bug' ? `, fence move ${fenceMoves}` : ''}`;
    const attempts = (this.#attempts.get(location) ?? 0) + 1;
    this.#attempts.set(location, attempts);
    // A job that a user changes during its launch is launched again, so two messages may split the same part.
    const isExact = this.#reporter.isFaultless && !wasChanged;
    if (isExact && attempts > maxAttemptsOf(error)) {
      this.#reporter.violated(
        'a split failure is not retried beyond its limit',
        `${location} '${error}': ${attempts}`,
      );
    }
    if (error === 'permanent') throw new PermanentFailure(SPLIT_CODE, textOf(error));
    if (error === 'bug') throw new TypeError(textOf(error));
    if (error === 'never' || attempts <= PASSES_AFTER)
      throw new RetryableFailure('simulated-busy', textOf(error));
  }
}

function maxAttemptsOf(error: SplitError): number {
  if (error === 'permanent') return 1;
  return error === 'bug' ? MAX_UNKNOWN_TRIES : Number.POSITIVE_INFINITY;
}
