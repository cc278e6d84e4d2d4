import { describe, expect, test } from 'vitest';
import { parseSort, SORT_PATTERN, SortError, type SortSubject } from '#contract/job-sort.ts';

const JOB: SortSubject = {
  id: 'j',
  status: 'Active',
  percentageComplete: 5,
  priority: 4,
  createTime: 1,
  lastUpdateTime: 2,
  createdBy: 'ann',
  items: { found: 0, succeeded: 0, failed: 0 },
  labels: {},
};

function sorted(sort: string, jobs: readonly Partial<SortSubject>[]): Partial<SortSubject>[] {
  const { sortValueOf: placeOf, compare } = parseSort(sort);
  return jobs.toSorted((one, other) => compare(placeOf({ ...JOB, ...one }), placeOf({ ...JOB, ...other })));
}

describe('an order', () => {
  test('sorts in both directions, ignoring case, with jobs without the field last in ascending order', () => {
    const [a, b, c, none] = [{ name: 'a' }, { name: 'B' }, { name: 'c' }, {}];

    expect(sorted('name:asc', [none, c, b, a])).toEqual([a, b, c, none]);
    expect(sorted('name:desc', [a, b, c, none])).toEqual([none, c, b, a]);
  });

  test('is numeric for numbers', () => {
    const [few, more, most] = [{ priority: 2 }, { priority: 5 }, { priority: 9 }];

    expect(sorted('priority:asc', [most, few, more])).toEqual([few, more, most]);
  });

  test('by counts of items is numeric', () => {
    const [few, many] = [9, 10].map((failed) => ({ items: { found: 20, succeeded: 0, failed } }));

    expect(sorted('items.failed:desc', [few ?? {}, many ?? {}])).toEqual([many, few]);
  });

  test.each([
    ['items.failed:asc', true],
    ['ITEMS.FAILED:ASC', true],
    ['createdBy:desc', true],
    ['itemsXfailed:asc', false],
  ])('%s: matched by the pattern of the document: %s', (sort, isMatch) => {
    expect(new RegExp(SORT_PATTERN).test(sort)).toBe(isMatch);
  });

  test('by a label splits at the last colon', () => {
    const [one, two] = [{ labels: { 'tag:4': '1' } }, { labels: { 'tag:4': '2' } }];

    expect(parseSort('labels.tag:4:desc')).toMatchObject({ field: 'labels.tag:4', direction: 'desc' });
    expect(sorted('labels.tag:4:desc', [one, two])).toEqual([two, one]);
  });

  test.each([
    'name',
    'name:up',
    ':asc',
    'colour:asc',
    'labels.:asc',
    'labels.a b:asc',
    '__proto__:asc',
    'id:asc',
    '',
  ])('that is unknown is refused: %s', (sort) => {
    expect(() => parseSort(sort)).toThrow(SortError);
  });
});
