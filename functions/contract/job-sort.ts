/**
 * Orders of job lists, by one field. Strings compare without regard to case; in ascending order, jobs without
 * the field come last.
 */

import { LABEL_KEY, LABEL_KEY_RULE, labelKeyIn } from '#core/label.ts';
import type { FilterSubject } from './job-filter.ts';

export interface SortSubject extends FilterSubject {
  readonly description?: string | undefined;
  readonly externalData?: string | undefined;
}

export type SortValue = string | number | null;

export interface JobSort {
  readonly field: string;
  readonly direction: 'asc' | 'desc';
  /** Returns the value to sort by; `null` if the job lacks the field. */
  readonly sortValueOf: (job: SortSubject) => SortValue;
  /** Returns a negative number if the first value comes earlier in this direction. */
  readonly compare: (one: SortValue, other: SortValue) => number;
}

/** Thrown for an invalid order. The message is for its author. */
export class SortError extends Error {
  override readonly name = 'SortError';
}

const READERS: Readonly<Record<string, (job: SortSubject) => string | number | undefined>> = {
  jobId: ({ id }) => id,
  name: ({ name }) => name,
  description: ({ description }) => description,
  externalData: ({ externalData }) => externalData,
  createTime: ({ createTime }) => createTime,
  lastUpdateTime: ({ lastUpdateTime }) => lastUpdateTime,
  status: ({ status }) => status,
  percentageComplete: ({ percentageComplete }) => percentageComplete,
  priority: ({ priority }) => priority,
  type: ({ type }) => type,
  template: ({ template }) => template,
  createdBy: ({ createdBy }) => createdBy,
  startTime: ({ startTime }) => startTime,
  endTime: ({ endTime }) => endTime,
  'items.found': ({ items }) => items.found,
  'items.succeeded': ({ items }) => items.succeeded,
  'items.failed': ({ items }) => items.failed,
};

/** Fields that a list can be sorted by. */
export const SORT_FIELDS = [...Object.keys(READERS), 'labels.<key>'];

/** Number of characters that are compared. The limit lets a cursor contain the last value of a page. */
const COMPARED_CHARACTERS = 256;

/** Matches the strings that `parseSort` accepts. */
export const SORT_PATTERN = `^(${[...Object.keys(READERS).map(pattern), 'labels\\.[A-Za-z0-9_:-]+'].join('|')}):(${inAnyCase('asc')}|${inAnyCase('desc')})$`;

function pattern(name: string): string {
  return inAnyCase(name).replaceAll('.', '\\.');
}

function inAnyCase(word: string): string {
  return word.replaceAll(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
}

/** Parses `<field>:<asc|desc>`. It splits at the last colon, because label keys can contain colons. */
export function parseSort(text: string): JobSort {
  const colon = text.lastIndexOf(':');
  const direction = text.slice(colon + 1).toLowerCase();
  if (colon < 0 || (direction !== 'asc' && direction !== 'desc')) {
    throw new SortError(
      `must be <field>:asc or <field>:desc, such as createTime:desc; the fields are ${SORT_FIELDS.join(', ')}`,
    );
  }
  const { field, read } = readerOf(text.slice(0, colon));
  const sign = direction === 'asc' ? 1 : -1;
  return {
    field,
    direction,
    sortValueOf: (job) => sortValue(read(job)),
    compare: (one, other) => sign * ascending(one, other),
  };
}

function readerOf(name: string) {
  const key = labelKeyIn(name);
  if (key !== undefined) {
    if (!LABEL_KEY.test(key)) throw new SortError(`cannot sort by '${name}'; ${LABEL_KEY_RULE}`);
    const read = ({ labels }: SortSubject) => (Object.hasOwn(labels, key) ? labels[key] : undefined);
    return { field: name, read };
  }
  const reader = Object.entries(READERS).find(([field]) => field.toLowerCase() === name.toLowerCase());
  if (reader !== undefined) return { field: reader[0], read: reader[1] };
  throw new SortError(`cannot sort by '${name}'; use one of ${SORT_FIELDS.join(', ')}`);
}

function sortValue(value: string | number | undefined): SortValue {
  if (value === undefined) return null;
  return typeof value === 'string' ? value.slice(0, COMPARED_CHARACTERS).toLowerCase() : value;
}

function ascending(one: SortValue, other: SortValue): number {
  if (one === other) return 0;
  if (one === null) return 1;
  if (other === null) return -1;
  return one < other ? -1 : 1;
}
