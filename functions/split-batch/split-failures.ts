/**
 * Handles errors of splitting. A permanent error fails the job at once, an unknown error after three attempts. All other
 * errors are retried until the message becomes a dead letter. Meanwhile the note of the job shows the last error, and the
 * fence keeps it for the dead-letter reader.
 */
import { MAX_NOTE_CHARACTERS } from '#contract/message-limits.ts';
import type { SplitMessage, StepMessage } from '#contract/messages.ts';
import { type ClassifiedFailure, classifyFailure } from '#core/classify-failure.ts';
import { NewerVersion, PermanentFailure } from '#core/errors.ts';
import { runOf } from '#core/job.ts';
import type { Meter } from '#core/meter.ts';
import type { Clock, Log, Table } from '#core/ports.ts';
import { ROOT } from '#core/task-path.ts';
import { recordTrouble, type Trouble } from '../store/fences.ts';
import { failJob } from '../store/jobs.ts';
import { addProgress, removeNote } from '../store/progress.ts';

/** Maximum number of attempts that fail with an unknown error. */
export const MAX_UNKNOWN_TRIES = 3;

/** Maximum number of attempts that end without an error: out of memory, or out of time within a slice. */
const MAX_SILENT_TRIES = 3;

const MAX_REASON_CHARACTERS = 400;

export interface SplitFailurePorts {
  readonly table: Table;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
}

/** Thrown by `withSplitterErrors`. Separates errors of splitters and their sources from errors of the service. */
class SplitterError extends Error {
  override readonly name = 'SplitterError';
}

/** Yields the values of `read`. An error in it, and so in the splitter, is thrown as a `SplitterError`. */
export async function* withSplitterErrors<T>(read: () => AsyncGenerator<T>): AsyncGenerator<T> {
  // A splitter that is not a generator may throw before its first child.
  const slices = await orSplitterError(async () => read());
  try {
    for (;;) {
      const next = await orSplitterError(() => slices.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await slices.return(undefined);
  }
}

async function orSplitterError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new SplitterError('the splitter failed', { cause });
  }
}

/** Records that a batch starts again after an attempt that failed or did not end. */
export async function noteRestart(
  { table, clock, meter }: SplitFailurePorts,
  message: SplitMessage,
  before: Trouble | undefined,
): Promise<void> {
  const run = runOf(message);
  const now = clock.now();
  const { begun } = await recordTrouble(table, run, message.path, { change: { kind: 'begun' }, now });
  if (begun > MAX_SILENT_TRIES) {
    throw new PermanentFailure(
      'splitter-failed',
      `splitter '${message.splitter}' ended this batch ${MAX_SILENT_TRIES} times without an error: it used up the memory or the ` +
        'time of the function. See the log of split-batch, yield smaller items or more checkpoints, then resubmit the job.',
    );
  }
  if (begun < 2 || before?.reason !== undefined) return;
  const note = noteOf(message, 'the function ended without an error, out of memory or out of time');
  await addProgress(table, run, {}, { now, note, operations: meter.take(run) });
}

/** Removes the note with the last error, because splitting continued. */
export async function removeTroubleNote(
  { table, clock }: SplitFailurePorts,
  message: SplitMessage,
  before: Trouble | undefined,
): Promise<void> {
  if (before?.reason === undefined) return;
  await removeNote(table, runOf(message), noteOf(message, before.reason), clock.now());
}

/** Fails the job if a further attempt cannot succeed. Otherwise throws, so that the message is redelivered. */
export async function failOrThrow(
  ports: SplitFailurePorts,
  message: SplitMessage | StepMessage,
  error: unknown,
): Promise<'failed'> {
  // The message is redelivered until a later release of this function handles it.
  if (error instanceof NewerVersion) throw error;
  const run = runOf(message);
  const isStep = message.kind === 'step';
  const path = isStep ? ROOT : message.path;
  const { kind, code, message: reason } = classifySplitError(error);
  if (kind === 'permanent') return failSplit(ports, message, new PermanentFailure(code, reason), 1);
  const now = ports.clock.now();
  const { tries } = await recordTrouble(ports.table, run, path, {
    change: {
      kind: 'failed',
      reason: reason.slice(0, MAX_REASON_CHARACTERS).toWellFormed(),
      isUnknown: kind === 'unknown',
    },
    isStep,
    now,
  });
  if (kind === 'unknown' && tries >= MAX_UNKNOWN_TRIES) {
    const what = isStep ? `step '${message.step}' could not start` : `splitter '${message.splitter}' failed`;
    const failure = new PermanentFailure(
      'splitter-failed',
      `${what} ${tries} times on this batch; the last error: ${reason}`,
    );
    return failSplit(ports, message, failure, tries);
  }
  const note = noteOf(message, reason);
  await addProgress(ports.table, run, {}, { now, note, operations: ports.meter.take(run) });
  throw error instanceof SplitterError ? error.cause : error;
}

/**
 * Makes errors of the service itself retryable, because the job waits until the stack is repaired. Bugs stay
 * `unknown`: waiting does not repair them.
 */
function classifySplitError(error: unknown): ClassifiedFailure {
  if (error instanceof SplitterError) return classifyFailure(error.cause);
  const failure = classifyFailure(error);
  return error instanceof PermanentFailure || isBug(error) ? failure : { ...failure, kind: 'retryable' };
}

function isBug(error: unknown): boolean {
  return [TypeError, RangeError, ReferenceError, SyntaxError].some((bug) => error instanceof bug);
}

async function failSplit(
  ports: SplitFailurePorts,
  message: SplitMessage | StepMessage,
  reason: PermanentFailure,
  attempts: number,
): Promise<'failed'> {
  const run = runOf(message);
  const path = message.kind === 'step' ? ROOT : message.path;
  await failJob(ports, run, reason, { at: { path }, attempts });
  ports.log.info('job failed while splitting', { ...run, code: reason.code });
  return 'failed';
}

function noteOf(message: SplitMessage | StepMessage, reason: string): string {
  const what =
    message.kind === 'step'
      ? `step '${message.step}'`
      : `batch ${message.path === ROOT ? 'root' : message.path}`;
  return `${what} is retried: ${reason}`.slice(0, MAX_NOTE_CHARACTERS).toWellFormed();
}
