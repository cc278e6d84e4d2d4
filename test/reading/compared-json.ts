/** Compares what `lines` makes of a generated JSON Lines file with what Python's json module reads. */
import { isDeepStrictEqual } from 'node:util';
import { ExactNumber } from '#core/json/exact-number.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { readLines } from '../support/read-lines.ts';
import { type JsonFile, jsonFile } from './json-files.ts';
import { type PythonReading, readByPython } from './python.ts';

/** A value with the digits of its numbers, as `read_records.py` writes it, or `null` if json refuses the record. */
type PythonRecord = readonly [Tagged] | null;

type Tagged =
  | { readonly object: readonly (readonly [string, Tagged])[] }
  | { readonly list: readonly Tagged[] }
  | { readonly number: string }
  | { readonly value: string | boolean | null };

const RANGE_SIZES = [1_024, 1_048_576] as const;

/** Returns a text for each file that `lines` reads otherwise than Python, at the first such range size. */
export async function jsonDifferences(seeds: readonly number[]): Promise<string[]> {
  const files = seeds.map(jsonFile);
  const readings = await readByPython<JsonFile, PythonRecord>(files);
  const found: string[] = [];
  for (const [position, file] of files.entries()) {
    const reading = readings[position] as PythonReading<PythonRecord>;
    if (reading.records.length !== file.records)
      found.push(`seed ${file.seed}: Python reads another number of records`);
    for (const rangeBytes of RANGE_SIZES) {
      const difference = await differenceOf(file, reading, rangeBytes);
      if (difference === undefined) continue;
      found.push(`seed ${file.seed}, rangeBytes ${rangeBytes}: ${difference}`);
      break;
    }
  }
  return found;
}

async function differenceOf(
  { encoding }: JsonFile,
  { bytes, records }: PythonReading<PythonRecord>,
  rangeBytes: number,
): Promise<string | undefined> {
  const definition = { format: 'jsonl', rangeBytes, ...omitUndefined({ encoding: encoding.label }) };
  const found = await readLines(bytes, definition);

  if (found.status !== 'Completed') return `${found.status}: ${found.failures.join('; ')}`;
  const expected = records.filter((record) => record !== null).map(([value]) => sorted(value));
  for (const [position, one] of expected.entries()) {
    const read = tagged(found.payloads[position]);
    if (!isDeepStrictEqual(read, one))
      return `record ${position + 1} is ${JSON.stringify(read)}, Python reads ${JSON.stringify(one)}`;
  }
  if (found.payloads.length > expected.length)
    return `read ${found.payloads.length} records, Python ${expected.length}`;
  const bad = records.length - expected.length;
  if (found.badRecords.length === bad) return undefined;
  return `${found.badRecords.length} bad records instead of ${bad}: ${found.badRecords[0]?.reason}`;
}

function tagged(value: unknown): Tagged {
  if (typeof value === 'number' || value instanceof ExactNumber) return { number: exact(String(value)) };
  if (Array.isArray(value)) return { list: value.map(tagged) };
  if (typeof value === 'object' && value !== null)
    return { object: byName(Object.entries(value).map(([name, member]) => [name, tagged(member)] as const)) };
  return { value: value as string | boolean | null };
}

function sorted(value: Tagged): Tagged {
  if ('object' in value)
    return { object: byName(value.object.map(([name, member]) => [name, sorted(member)])) };
  return 'list' in value ? { list: value.list.map(sorted) } : value;
}

function byName(members: readonly (readonly [string, Tagged])[]): readonly (readonly [string, Tagged])[] {
  return members.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Returns the digits without zeros at both ends, and the power of ten of the last one. */
function exact(text: string): string {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  if (kept === '') return '0';
  const power = Number(exponent) - fraction.length + digits.length - kept.length;
  return `${text.startsWith('-') ? '-' : ''}${kept}e${power}`;
}
