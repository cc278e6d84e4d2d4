/** The note of a chunk that is tried again: every failed attempt of its open items, with time and error. */
import type { FailedAttempt, OutcomeRecord } from '#core/item.ts';
import { MAX_ERROR_CHARACTERS, type RetryNote } from '../store/retry-notes.ts';
import type { ItemAttempt } from './attempt.ts';
import { type LoadedChunk, stageOf } from './load-chunk.ts';

/** Returns the note after these results, or `undefined` if no attempt failed since the note before. */
export function noteAfter(
  { chunk, note: before }: Pick<LoadedChunk, 'chunk' | 'note'>,
  results: readonly ItemAttempt[],
  nextAttemptAt: number,
): RetryNote | undefined {
  const retried = results.filter((one) => one.kind === 'retry');
  const last = retried.at(-1);
  if (last === undefined) return undefined;
  const attemptsById = new Map(before?.items.map(({ id, attempts }) => [id, attempts]));
  const open = new Map<string, readonly FailedAttempt[]>();
  for (const one of results) {
    if (one.kind === 'final') continue;
    const { id } = one.item;
    const earlier = open.get(id) ?? attemptsById.get(id) ?? [];
    open.set(id, one.kind === 'retry' ? [...earlier, { at: one.at, error: shortened(one.reason) }] : earlier);
  }
  return {
    stage: stageOf(chunk),
    attempt: Math.max(...retried.map(({ item }) => item.tries ?? 0)),
    lastError: shortened(last.reason),
    since: before?.since ?? Math.min(...retried.map(({ at }) => at)),
    nextAttemptAt,
    items: [...open].map(([id, attempts]) => ({ id, attempts: [...attempts] })),
  };
}

function shortened(reason: string): string {
  return reason.slice(0, MAX_ERROR_CHARACTERS).toWellFormed();
}

/** Returns the record with the failed attempts that the note knows. */
export function withEarlierAttempts(record: OutcomeRecord, note: RetryNote | undefined): OutcomeRecord {
  if (note === undefined) return record;
  const attempts = note.items.find(({ id }) => id === record.id)?.attempts ?? [];
  // Items with the same id share an entry.
  const earlierAttempts = attempts.slice(0, Math.max(0, record.attempts - 1));
  return earlierAttempts.length === 0 ? record : { ...record, earlierAttempts };
}
