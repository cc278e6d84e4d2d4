/**
 * The log of a page: the location of the outcomes of its chunks, in the order of recording. The first record of a chunk
 * counts, so duplicates and late twins change neither outcomes nor totals (docs/explanation/decisions/0041).
 *
 * A log entry is text, because a page is billed by its size: `<block>.<start>.<runs>`. A run is `<position>=<chunks>` and
 * covers consecutive positions. A chunk is its number of bytes, then `!` with its totals if not all of its items
 * succeeded, then `@` with each outcome code. Numbers are in base 36. The chunks of an entry are adjacent in their block.
 */
import { encodeElement, isFullSuccess, positionOf, type Totals, totalsOf } from './page.ts';
import type { OutcomeRef } from './recorded-outcomes.ts';

const RADIX = 36;
const ENTRY = /^(@?[0-9a-z]+)\.([0-9a-z]+)\.(.*)$/;
const CHUNK = /^([0-9a-z]+)(?:!([0-9a-z.]+))?((?:@[A-Z0-9_]+)*)$/;

/** Returns the log entries of these chunks. Chunks that are adjacent in the list and in their block share an entry. */
export function encodeLog(refs: readonly OutcomeRef[]): string[] {
  const entries: string[] = [];
  let entry = '';
  let last: OutcomeRef | undefined;
  for (const ref of refs) {
    const { location, element } = ref;
    if (last === undefined || location.block !== last.location.block || location.from !== last.location.to) {
      if (entry !== '') entries.push(entry);
      entry = `${location.block}.${text(location.from)}.${runStart(ref)}`;
    } else if (positionOf(element) === positionOf(last.element) + 1) entry += ',';
    else entry += `;${runStart(ref)}`;
    entry += chunkText(ref);
    last = ref;
  }
  return entry === '' ? entries : [...entries, entry];
}

/** Returns the record of each position that counts: the first one. */
export function decodeLog(log: readonly string[]): Map<number, OutcomeRef> {
  const refs = new Map<number, OutcomeRef>();
  for (const entry of log) {
    for (const ref of refsOf(entry)) {
      const position = positionOf(ref.element);
      if (!refs.has(position)) refs.set(position, ref);
    }
  }
  return refs;
}

function* refsOf(entry: string): Generator<OutcomeRef> {
  const [, block, start, runs] = ENTRY.exec(entry) ?? [];
  if (block === undefined || start === undefined || runs === undefined) throw invalid(entry);
  let from = number(start);
  for (const run of runs.split(';')) {
    const equals = run.indexOf('=');
    let position = number(run.slice(0, equals));
    for (const chunk of run.slice(equals + 1).split(',')) {
      const [, bytes, totals, codes = ''] = CHUNK.exec(chunk) ?? [];
      if (bytes === undefined) throw invalid(entry);
      const to = from + number(bytes);
      yield {
        element: totals === undefined ? BigInt(position) : elementOf(position, totals),
        location: { block, from, to },
        codes: codes.split('@').slice(1),
      };
      from = to;
      position += 1;
    }
  }
}

function runStart({ element }: OutcomeRef): string {
  return `${text(positionOf(element))}=`;
}

function chunkText({ element, location, codes }: OutcomeRef): string {
  const totals = isFullSuccess(element) ? '' : `!${textOfTotals(totalsOf(element, 0))}`;
  return `${text(location.to - location.from)}${totals}${codes.map((code) => `@${code}`).join('')}`;
}

function textOfTotals({ items, failed, skipped }: Totals): string {
  return [items, failed, skipped].map(text).join('.');
}

function elementOf(position: number, totals: string): bigint {
  const [items = 0, failed = 0, skipped = 0] = totals.split('.').map(number);
  return encodeElement(position, { items, failed, skipped }, Number.NaN);
}

function text(value: number): string {
  return value.toString(RADIX);
}

function number(value: string): number {
  return Number.parseInt(value, RADIX);
}

function invalid(entry: string): Error {
  return new Error(`not a valid entry of an outcome log: '${entry.slice(0, 200)}'`);
}
