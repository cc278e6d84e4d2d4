/** Fingerprints of failures: equal for failures of different items with the same cause. */
import { hashOf } from './failure.ts';
import type { Failure } from './job.ts';

type FailureText = Pick<Failure, 'code' | 'failureMessage' | 'failureSource'>;

/** Matches any word with a digit: numbers, times, versions, UUIDs, hashes and generated ids. */
const WORD_WITH_DIGIT = /[\p{L}\p{N}_-]*\p{N}[\p{L}\p{N}_-]*/gu;

/** Returns the item id in a failure source; `undefined` for a failure of a chunk, a batch or the job. */
export function itemOfSource(failureSource: string): string | undefined {
  return /, item (.+)$/s.exec(failureSource)?.[1];
}

/** Returns the message without its variable parts: `#` replaces words with digits, `<item>` the item id. */
export function messagePattern({ failureMessage, failureSource }: FailureText): string {
  const item = itemOfSource(failureSource);
  const text = item === undefined ? failureMessage : withoutItem(failureMessage, item);
  return text.replace(WORD_WITH_DIGIT, '#').replace(/\s+/g, ' ').trim();
}

export function fingerprintOf(failure: FailureText): string {
  return hashOf(`${failure.code}\n${messagePattern(failure)}`);
}

/** Replaces whole words only, because an item id can be as short as `a`. */
function withoutItem(message: string, item: string): string {
  const escaped = item.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return message.replace(new RegExp(`(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])`, 'gu'), '<item>');
}

export interface FailureGroup {
  readonly fingerprint: string;
  readonly count: number;
  readonly code: string;
  /** The common pattern of the messages in the group. */
  readonly message: string;
  readonly firstTime: number;
  readonly lastTime: number;
  readonly example: Failure;
}

/** Returns groups from largest to smallest; groups of equal size are ordered by fingerprint. */
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

export type GroupRank = Pick<FailureGroup, 'count' | 'fingerprint'>;

export function bySize(a: GroupRank, b: GroupRank): number {
  return b.count - a.count || (a.fingerprint < b.fingerprint ? -1 : Number(a.fingerprint > b.fingerprint));
}
