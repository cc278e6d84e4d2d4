/** Outcome objects: one JSON Lines object per chunk. The first writer's outcomes count. */

import type { ChunkMessage } from '#contract/messages.ts';
import { ITEM_OUTCOMES, type OutcomeRecord } from '#core/item.ts';
import type { JobRun } from '#core/job.ts';
import { parseJson } from '#core/json/parse-json.ts';
import type { Totals } from '#core/page.ts';
import type { Objects } from '#core/ports.ts';
import type { TaskPath } from '#core/task-path.ts';
import { outcomeKey } from './object-keys.ts';

type ChunkAddress = JobRun & { readonly path: TaskPath; readonly index: number };

export function outcomeTotals(records: readonly OutcomeRecord[]): Totals {
  return {
    items: records.length,
    failed: records.filter(({ outcome }) => outcome === 'failed').length,
    skipped: records.filter(({ outcome }) => outcome === 'skipped').length,
  };
}

/** Records the outcomes of a chunk unless a duplicate did so first. Returns the recorded outcomes. */
export async function recordOutcomes(
  objects: Objects,
  chunk: ChunkAddress & Pick<ChunkMessage, 'outcomes'>,
  records: readonly OutcomeRecord[],
): Promise<readonly OutcomeRecord[]> {
  if (chunk.outcomes === 'failures' && outcomeTotals(records).failed === 0) return records;
  const body = records.map((record) => `${JSON.stringify(record)}\n`).join('');
  const key = outcomeKey(chunk, chunk.path, chunk.index);
  const result = await objects.putIfAbsent(key, body, { contentType: 'application/x-ndjson' });
  if (result === 'written') return records;
  const existingRecords = await readOutcomes(objects, chunk);
  if (existingRecords === undefined) throw new Error(`outcomes ${key} exist but cannot be read`);
  return existingRecords;
}

export async function readOutcomes(
  objects: Objects,
  chunk: ChunkAddress,
): Promise<OutcomeRecord[] | undefined> {
  const bytes = await objects.get({ key: outcomeKey(chunk, chunk.path, chunk.index) });
  return bytes === undefined ? undefined : parseOutcomes(bytes);
}

export function parseOutcomes(bytes: Uint8Array): OutcomeRecord[] {
  const lines = new TextDecoder().decode(bytes).split('\n');
  return lines.filter((line) => line !== '').map((line) => outcomeOf(parseJson(line)));
}

export function outcomesOf(values: unknown): OutcomeRecord[] {
  if (!Array.isArray(values)) throw new Error('the stored outcomes are not a list');
  return values.map(outcomeOf);
}

function outcomeOf(value: unknown): OutcomeRecord {
  if (isOutcome(value)) return value;
  throw new Error('a stored outcome is not valid; it needs id, path, outcome and attempts');
}

/** Checks only the members that decide what is done, because workers read up to a million lines. */
function isOutcome(value: unknown): value is OutcomeRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { id, path, outcome, attempts }: Partial<Record<keyof OutcomeRecord, unknown>> = value;
  return (
    typeof id === 'string' &&
    typeof path === 'string' &&
    ITEM_OUTCOMES.some((name) => name === outcome) &&
    typeof attempts === 'number'
  );
}
