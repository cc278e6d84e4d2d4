import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FilterError, type FilterSubject, parseFilter } from '#contract/job-filter.ts';
import { JOB_STATUSES } from '#core/job-status.ts';

const JOB: FilterSubject = {
  id: 'j1',
  name: 'My job (1)',
  status: 'Active',
  percentageComplete: 12.5,
  priority: 4,
  createTime: 1_000,
  lastUpdateTime: 2_000,
  createdBy: 'ann@example.org',
  startTime: 1_500,
  items: { found: 10, succeeded: 6, failed: 3 },
  labels: { owner: 'bob', 'tag:4': '4', empty: '' },
};

const holds = (filter: string, job: Partial<FilterSubject> = {}) =>
  parseFilter(filter).matches({ ...JOB, ...job });

describe('a filter', () => {
  test.each([
    ['id==j1', true],
    ['id==J1', false],
    ['id!=j1', false],
    ['name=="My job (1)"', true],
    ["name=='My job (1)'", true],
    ['name=="my job (1)"', false],
    ['name==My*', true],
    ['name==*job*', true],
    ['name=="*(1)"', true],
    ['name=="My*)*1*"', false],
    ['name==*', true],
    ['name!=My*', false],
    ['name!=Your*', true],
    ['name=in=(a,"My job (1)")', true],
    ['name=in=(My*)', false],
    ['name=out=(a, b)', true],
    ['name=gt=M', true],
    ['name<M', false],
    ['status==Active', true],
    ['status==Act*', true],
    ['status!=*ed', true],
    ['status=in=(Active,Paused)', true],
    ['status=out=(Active,Paused)', false],
    ['percentageComplete>12', true],
    ['percentageComplete=ge=12.50', true],
    ['percentageComplete<=12.4', false],
    ['percentageComplete==12.5', true],
    ['priority=in=(1,4)', true],
    ['priority=out=(1,4)', false],
    ['priority!=4', false],
    ['createTime=gt=999;createTime=lt=1001', true],
    ['lastUpdateTime >= 2000', true],
    ['startTime>1000', true],
    ['endTime>0', false],
    ['endTime<=0', false],
    ['createdBy==ann@example.org', true],
    ['createdBy==*@example.com', false],
    ['items.failed>0', true],
    ['items.failed==0', false],
    ['items.succeeded=in=(6,7)', true],
    ['items.found!=10', false],
    ['labels.owner==b*', true],
    ['labels.tag:4==4', true],
    ['labels.owner!=eve', true],
    ['labels.none!=eve', false],
    ['labels.none==*', false],
    ['labels.none=out=(a,b)', false],
    ['labels.empty==""', true],
    ['labels.constructor==*', false],
    ['type==*', false],
    ['template!=t', false],
  ])('%s: %s', (filter, expected) => {
    expect(holds(filter)).toBe(expected);
  });

  test.each([
    ['id==x,id==j1;priority==4', true],
    ['(id==x,id==j1);priority==5', false],
    ['id==j1 or id==x and priority==5', true],
    ['(id==j1 or id==x) and priority==5', false],
    ['id==x or(id==j1)and(priority==4)', true],
    ['id=="a and(b" or id==j1', true],
    ['( id == j1 )', true],
    ["name=='My job (1)'and\tid==j1", true],
  ])('joins comparisons: %s: %s', (filter, expected) => {
    expect(holds(filter)).toBe(expected);
  });

  test('states which fields it compares', () => {
    const { fields } = parseFilter('id==priority;(name==b,items.failed>1)');

    expect([...fields]).toEqual(['id', 'name', 'items.failed']);
  });

  test.each([
    ['', /RSQL.*empty/],
    ['id', /RSQL/],
    ['id==', /RSQL.*end/],
    ['id==a b', /RSQL.*'b' at position 7/],
    ['id==a AND id==b', /RSQL.*'AND'/],
    ['id==a;', /RSQL/],
    ['(id==a', /RSQL.*parenthesis/],
    ['id==a)', /RSQL/],
    ['id=="a', /RSQL.*quote/],
    ['id~a', /RSQL/],
    ['colour==red', /'colour'.*id, name.*labels\.<key>/],
    ['ID==a', /'ID'/],
    ['__proto__==a', /'__proto__'/],
    ['labels==a', /'labels'/],
    ['items==1', /'items'.*items\.failed/],
    ['items.failed==many', /items\.failed with 'many'; use a number/],
    ['items.constructor==1', /'items\.constructor'/],
    ['labels.==a', /'labels\.'.*letters/],
    ['labels.a$==a', /letters, digits/],
    ['priority==high', /priority.*'high'.*number/],
    ['priority==4*', /'4\*'.*number/],
    ['priority==0x10', /number/],
    ['priority=in=(1,)', /RSQL/],
    ['priority=in=(1,b)', /'b'/],
    ['createTime>2026-01-01', /createTime.*milliseconds since 1970/],
    ['createTime==""', /milliseconds/],
    ['status==active', /'active'.*Waiting, Active/],
    ['status==Done*', /'Done\*'/],
    ['status=in=(Active,Act*)', /'Act\*'/],
    ['status>Active', /status.*>.*==/],
    ['id=like=a', /=like=.*==/],
    ['id==(a,b)', /=in=/],
  ])('that is invalid is refused with the reason: %s', (filter, reason) => {
    expect(() => parseFilter(filter)).toThrow(reason);
    expect(() => parseFilter(filter)).toThrow(FilterError);
  });

  test('with many stars and brackets is evaluated quickly', () => {
    const begin = performance.now();

    parseFilter(`${'('.repeat(1_000)}id==a${')'.repeat(1_000)}`);
    holds(`name=="${'a*'.repeat(1_000)}b"`, { name: 'a'.repeat(5_000) });

    expect(performance.now() - begin).toBeLessThan(2_000);
  });
});

type Tree =
  | { join: 'and' | 'or'; left: Tree; right: Tree }
  | { field: string; operator: string; values: string[] };

const TEXTS = ['', 'a', 'b', 'ab', 'aab', 'and', 'or', 'a b', '(', '"', "'", '\\', 'ä,', 'a;b'];
const KEYS = ['owner', 'tag:4'];

const aText = fc.constantFrom(...TEXTS);
const aPattern = fc.array(fc.constantFrom('a', 'b', '*', ' '), { maxLength: 5 }).map((all) => all.join(''));
const aNumber = fc.integer({ min: 0, max: 4 });
const anOrder = fc.constantFrom('>', '>=', '<', '<=', '=gt=', '=ge=', '=lt=', '=le=');

function leaves(
  field: fc.Arbitrary<string>,
  exact: fc.Arbitrary<string>,
  pattern: fc.Arbitrary<string>,
  orders = true,
) {
  const list = fc.record({
    field,
    operator: fc.constantFrom('=in=', '=out='),
    values: fc.array(exact, { minLength: 1, maxLength: 3 }),
  });
  const equality = fc.record({ field, operator: fc.constantFrom('==', '!='), values: fc.tuple(pattern) });
  const order = fc.record({ field, operator: anOrder, values: fc.tuple(exact) });
  return fc.oneof(list, equality, ...(orders ? [order] : []));
}

const aTree: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(
      leaves(fc.constantFrom('id', 'name', 'labels.owner', 'labels.tag:4'), aText, fc.oneof(aText, aPattern)),
      leaves(fc.constantFrom('priority', 'percentageComplete'), aNumber.map(String), aNumber.map(String)),
      leaves(
        fc.constant('status'),
        fc.constantFrom(...JOB_STATUSES),
        fc.constantFrom('Active', '*ed', 'F*'),
        false,
      ),
    ),
    fc.record({ join: fc.constantFrom('and', 'or'), left: tie('tree'), right: tie('tree') }),
  ),
})).tree;

const aJob: fc.Arbitrary<FilterSubject> = fc
  .record({
    id: aText,
    name: fc.option(aText, { nil: undefined }),
    status: fc.constantFrom(...JOB_STATUSES),
    percentageComplete: aNumber,
    priority: aNumber,
    labels: fc.dictionary(fc.constantFrom(...KEYS), aText),
  })
  .map((job) => ({
    ...job,
    createTime: 1,
    lastUpdateTime: 1,
    createdBy: 'ann',
    items: { found: 1, succeeded: 1, failed: 0 },
  }));

/** Returns one of the equivalent spellings, selected by the number. */
function written(tree: Tree, way: number): string {
  if ('join' in tree) {
    const words = { and: [';', ' and ', ' ; ', ' and\t'], or: [',', ' or ', ' , ', '\nor '] }[tree.join];
    return `(${written(tree.left, way)}${words[way % words.length]}${written(tree.right, way >> 1)})`;
  }
  const quote = way % 3 === 0 ? "'" : '"';
  const values = tree.values.map((value) => {
    const isPlain = /^[^"'();,=!~<>\s]+$/.test(value) && value !== 'and' && value !== 'or';
    if (isPlain && way % 2 === 0) return value;
    return `${quote}${value.replace(/["'\\]/g, '\\$&')}${quote}`;
  });
  const isList = tree.operator === '=in=' || tree.operator === '=out=';
  return `${tree.field}${tree.operator}${isList ? `(${values.join(',')})` : values[0]}`;
}

/** A naive implementation. */
function naive(tree: Tree, job: FilterSubject): boolean {
  if ('join' in tree) {
    const both = [naive(tree.left, job), naive(tree.right, job)];
    return tree.join === 'and' ? both.every(Boolean) : both.some(Boolean);
  }
  const members = { ...job, 'labels.owner': job.labels['owner'], 'labels.tag:4': job.labels['tag:4'] };
  const value = members[tree.field as keyof typeof members] as string | number | undefined;
  if (value === undefined) return false;
  const asked = tree.values.map((text) => (typeof value === 'number' ? Number(text) : text));
  const one = asked[0] ?? '';
  const pattern = String(one)
    .split('*')
    .map((piece) => piece.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
    .join('.*');
  const isLike = new RegExp(`^${pattern}$`, 's').test(String(value));
  const answers: Record<string, boolean> = {
    '==': isLike,
    '!=': !isLike,
    '=in=': asked.includes(value),
    '=out=': !asked.includes(value),
    '>': value > one,
    '>=': value >= one,
    '<': value < one,
    '<=': value <= one,
  };
  const orders: Record<string, string> = { '=gt=': '>', '=ge=': '>=', '=lt=': '<', '=le=': '<=' };
  return answers[orders[tree.operator] ?? tree.operator] ?? false;
}

test('any filter in any spelling matches the same jobs as a naive implementation', () => {
  fc.assert(
    fc.property(aTree, aJob, fc.nat(1_000), (tree, job, way) => {
      const text = written(tree, way);
      expect([text, parseFilter(text).matches(job)]).toEqual([text, naive(tree, job)]);
    }),
    { numRuns: 2_000 },
  );
});

test('any string is a filter or is refused with a reason', () => {
  const pieces = fc.constantFrom(
    'id',
    '==',
    '"',
    "'",
    '(',
    ')',
    ' ',
    ';',
    ',',
    'and',
    'or',
    '=in=',
    '\\',
    '*',
    'x',
    '=',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces, { maxLength: 12 }).map((all) => all.join('')),
      ),
      (text) => {
        try {
          parseFilter(text).matches(JOB);
        } catch (error) {
          expect(error).toBeInstanceOf(FilterError);
        }
      },
    ),
    { numRuns: 2_000 },
  );
});
