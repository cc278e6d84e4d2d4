/**
 * The input that a step takes from earlier steps: items to process, and outcomes of items that failed or were
 * skipped.
 */

import { movedFailure } from '#core/failure.ts';
import type { Item, OutcomeRecord, Part } from '#core/item.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { RecordsById } from '#core/records-by-id.ts';
import { isRetried, mergePatch, type Retry } from '#core/retry.ts';

/** Outcomes of a chunk in one of the previous steps. */
export interface Source {
  readonly step: string;
  readonly records: readonly OutcomeRecord[];
}

export interface StepInput {
  readonly items: readonly Item[];
  /**
   * Records that keep their outcome and are carried along, so that the last step has the outcomes of all
   * items.
   */
  readonly carried: readonly OutcomeRecord[];
}

export function takeItems(sources: readonly Source[], takesFailed: boolean): StepInput {
  const [first, ...others] = sources;
  const items: Item[] = [];
  const carried: OutcomeRecord[] = [];
  const byId = others.map(({ records }) => new RecordsById(records));
  for (const record of first?.records ?? []) {
    const records = [record, ...byId.flatMap((found) => found.take(record.id) ?? [])];
    const lostRecord =
      records.find(({ outcome }) => outcome === 'failed') ??
      records.find(({ outcome }) => outcome === 'skipped');
    if (lostRecord !== undefined && !takesFailed) carried.push(lostRecord);
    else items.push(records.length === 1 ? itemOf(record) : joinRecords(sources, records));
  }
  return { items, carried };
}

function payloadOf({ output, payload }: OutcomeRecord): unknown {
  return output === undefined ? payload : output;
}

function itemOf(record: OutcomeRecord, payload = payloadOf(record)): Item {
  const { id, parts, indexData, properties, note } = record;
  return {
    id,
    ...omitUndefined({ payload, parts, indexData, properties, note }),
  };
}

/**
 * Joins the records of an item. The payload contains the answer of each branch, by the name of its last step.
 */
function joinRecords(sources: readonly Source[], records: readonly OutcomeRecord[]): Item {
  const [first] = records;
  if (first === undefined) throw new Error('an item has no record from any branch');
  const answers = records.flatMap((record, at) => {
    const answer = record.isAnswer === true ? record.payload : record.output;
    return answer === undefined ? [] : [[sources[at]?.step ?? '', answer] as const];
  });
  const parts = mergeParts(records.map((record) => record.parts ?? []));
  const item = itemOf({ ...first, parts });
  return answers.length === 0 ? item : { ...item, payload: Object.fromEntries(answers) };
}

/** Returns each part once. A part that any branch marked META is META. */
function mergeParts(branches: readonly (readonly Part[])[]): Part[] {
  const partsByKey = new Map<string, Part>();
  for (const part of branches.flat()) {
    const location = JSON.stringify([part.key, part.url, part.filename]);
    const existingPart = partsByKey.get(location);
    if (existingPart === undefined || part.type === 'META') partsByKey.set(location, part);
  }
  return [...partsByKey.values()];
}

/** Records of an earlier run of the same chunk of the same visit. */
export interface EarlierChunk {
  /** Path of its node in that run. Records with other paths were only carried along. */
  readonly path: string;
  readonly records: readonly OutcomeRecord[];
}

export interface RetryInput extends StepInput {
  /** Highest number of earlier attempts of any of the items. */
  readonly tries: number;
}

/** Location of a chunk in its run. */
export interface ChunkLocation {
  readonly path: string;
  readonly index: number;
  /** Name of the step, if the job runs a template. */
  readonly step?: string | undefined;
}

/** Returns the record of an item that a retry takes over, located in the new run. */
export function recordToKeep(record: OutcomeRecord, location: ChunkLocation): OutcomeRecord {
  const { id, failure } = record;
  const { path } = location;
  if (failure === undefined || record.path === path) return { ...record, path };
  return { ...record, path, failure: movedFailure(failure, { ...location, item: id }) };
}

/** Splits the items of a retry. Items that were processed before and are not selected keep their outcome. */
export function takeOver(
  { items, carried }: StepInput,
  { path, records }: EarlierChunk,
  { retry, at }: { readonly retry: Retry; readonly at: ChunkLocation },
): RetryInput {
  const ownRecords = new RecordsById(records.filter((record) => record.path === path));
  const openItems: Item[] = [];
  const keptRecords: OutcomeRecord[] = [];
  let tries = 0;
  for (const item of items) {
    const record = ownRecords.take(item.id);
    if (record === undefined) openItems.push(item);
    else if (!isRetried(record, retry.filter)) keptRecords.push(recordToKeep(record, at));
    else {
      tries = Math.max(tries, record.attempts);
      const payload = retry.patch === undefined ? item.payload : mergePatch(item.payload, retry.patch);
      openItems.push({ ...item, payload, tries: record.attempts });
    }
  }
  return { items: openItems, carried: [...carried, ...keptRecords], tries };
}
