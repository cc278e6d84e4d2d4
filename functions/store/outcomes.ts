/** Outcomes of items: their totals, and their form in messages and objects. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { ITEM_OUTCOMES, type OutcomeRecord } from '#core/item.ts';
import { parseJson } from '#core/json/parse-json.ts';
import type { Totals } from '#core/page.ts';

/** Maximum size of the outcomes of a chunk, so that bytes that a worker sent cannot exhaust the memory of a reader. */
const MAX_UNZIPPED_BYTES = 256 * 1024 * 1024;

/** Shorter lines are not gzipped. */
const MIN_ZIPPED_CHARACTERS = 512;

const GZIP_MAGIC = [0x1f, 0x8b];

/** First characters of gzipped bytes in base64. No line begins with them. */
const GZIP_BASE64 = 'H4sI';

/** SQS refuses these characters, so lines with them are gzipped. */
const NOT_IN_MESSAGES = /[\uFFFE\uFFFF]/;

export function outcomeTotals(records: readonly OutcomeRecord[]): Totals {
  let [failed, skipped] = [0, 0];
  for (const { outcome } of records) {
    if (outcome === 'failed') failed += 1;
    if (outcome === 'skipped') skipped += 1;
  }
  return { items: records.length, failed, skipped };
}

/** Returns one line of JSON for each outcome. */
export function linesOfOutcomes(records: readonly OutcomeRecord[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

/** Returns the lines, gzipped if that is worthwhile or if a message cannot contain them. */
export function packLines(lines: string, isLongReport: boolean): string | Uint8Array {
  const isWorthwhile = isLongReport && lines.length >= MIN_ZIPPED_CHARACTERS;
  return isWorthwhile || NOT_IN_MESSAGES.test(lines) ? gzipSync(lines, { level: 1 }) : lines;
}

/** Returns the lines as a report contains them: gzipped ones in base64. */
export function dataOfLines(packed: string | Uint8Array): string {
  return typeof packed === 'string' ? packed : Buffer.from(packed).toString('base64');
}

/** Returns the bytes to store of lines in a report. */
export function bytesOfData(data: string): Uint8Array {
  return Buffer.from(data, data.startsWith(GZIP_BASE64) ? 'base64' : 'utf8');
}

/** Returns the lines of stored outcomes. */
export function storedLines(bytes: Uint8Array): string[] {
  const isGzipped = GZIP_MAGIC.every((magic, at) => bytes[at] === magic);
  const plain = isGzipped ? gunzipSync(bytes, { maxOutputLength: MAX_UNZIPPED_BYTES }) : bytes;
  return new TextDecoder()
    .decode(plain)
    .split('\n')
    .filter((line) => line !== '');
}

export function parseOutcomes(bytes: Uint8Array): OutcomeRecord[] {
  return storedLines(bytes).map((line) => outcomeOf(parseJson(line)));
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
