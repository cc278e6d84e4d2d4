/** Failures that say the same of different items have the same fingerprint. */
import { hashOf } from './failure.ts';
import type { Failure } from './job.ts';

type Told = Pick<Failure, 'code' | 'failureMessage' | 'failureSource'>;

/** Any word with a digit: numbers, times, versions, UUIDs, hashes, generated ids. */
const WORD_WITH_DIGIT = /[\p{L}\p{N}_-]*\p{N}[\p{L}\p{N}_-]*/gu;

/** The item that a failure is of, as long as its source shows it; `undefined` for a chunk, a batch or the job. */
export function itemOfSource(failureSource: string): string | undefined {
  return /, item (.+)$/s.exec(failureSource)?.[1];
}

/** The message with what changes from item to item taken out: `#` for words with digits, `<item>` for the item's id. */
export function messagePattern({ failureMessage, failureSource }: Told): string {
  const item = itemOfSource(failureSource);
  const text = item === undefined ? failureMessage : withoutItem(failureMessage, item);
  return text.replace(WORD_WITH_DIGIT, '#').replace(/\s+/g, ' ').trim();
}

export function fingerprintOf(failure: Told): string {
  return hashOf(`${failure.code}\n${messagePattern(failure)}`);
}

/** As a whole word only: an item may be called `a`. */
function withoutItem(message: string, item: string): string {
  const escaped = item.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return message.replace(new RegExp(`(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])`, 'gu'), '<item>');
}

export interface FailureGroup {
  readonly fingerprint: string;
  readonly count: number;
  readonly code: string;
  /** What the messages of the group have in common. */
  readonly message: string;
  readonly firstTime: number;
  readonly lastTime: number;
  readonly example: Failure;
}

/** The largest group first; groups of the same size in the order of their fingerprints. */
export function groupFailures(failures: readonly Failure[]): FailureGroup[] {
  return [...Map.groupBy(failures, fingerprintOf)]
    .map(([fingerprint, [example, ...others]]) => groupOf(fingerprint, example as Failure, others))
    .sort(bySize);
}

function groupOf(fingerprint: string, example: Failure, others: readonly Failure[]): FailureGroup {
  const times = [example, ...others].map(({ failureTime }) => failureTime);
  return {
    fingerprint,
    count: times.length,
    code: example.code,
    message: messagePattern(example),
    firstTime: times.reduce((a, b) => Math.min(a, b)),
    lastTime: times.reduce((a, b) => Math.max(a, b)),
    example,
  };
}

export type GroupPlace = Pick<FailureGroup, 'count' | 'fingerprint'>;

export function bySize(a: GroupPlace, b: GroupPlace): number {
  return b.count - a.count || (a.fingerprint < b.fingerprint ? -1 : Number(a.fingerprint > b.fingerprint));
}
