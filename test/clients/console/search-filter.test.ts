import { expect, test } from 'vitest';
import { parseFilter } from '#contract/job-filter.ts';
import { searchFilter } from '../../../clients/console/pages/jobs/search-filter.ts';

const CONTEXT = { now: 1_000_000_000, me: 'alice@example.com' };
const filterOf = (text: string) => {
  const search = searchFilter(text, CONTEXT);
  return 'filter' in search ? search.filter : search.problem;
};

test.each([
  ['invoice', '(id==*invoice*,name==*invoice*)'],
  ['inv* 2026', '(id==inv*,name==inv*);(id==*2026*,name==*2026*)'],
  ['"Invoices of May"', '(id=="*Invoices of May*",name=="*Invoices of May*")'],
  ['status:failed', 'status=in=(Failed)'],
  ['status:Active,paused', 'status=in=(Active,Paused)'],
  ['failed>0 found>=1000', 'items.failed>0;items.found>=1000'],
  ['by:me', 'createdBy==alice@example.com'],
  ['by:bob type:export', 'createdBy==bob;type==export'],
  ['team:billing', 'labels.team==billing'],
  ['team:"North West"', 'labels.team=="North West"'],
  ['newer:2h', 'createTime>=992800000'],
  ['older:1d', 'createTime<913600000'],
  ['status==Active;labels.owner==b*', 'status==Active;labels.owner==b*'],
  ['items.failed>0 and priority>4', 'items.failed>0 and priority>4'],
])('%s becomes %s, which the API accepts', (text, filter) => {
  expect(filterOf(text)).toBe(filter);
  expect(() => parseFilter(filter)).not.toThrow();
});

test('an empty search has no filter', () => {
  expect(filterOf('  ')).toBeUndefined();
});

test.each([
  ['status:done', /'done' is not a status; use one of Waiting, Active/],
  ['newer:yesterday', /'yesterday' is not a time; use a number with s, m, h, d or w, such as newer:2h/],
  ['size>5', /'size' is not a number of a job; use one of failed, succeeded, found/],
])('%s is explained', (text, message) => {
  expect(filterOf(text)).toMatch(message);
});
