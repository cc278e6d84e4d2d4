/** Lists, counts and bulk actions against a plain array of the same jobs. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FINAL_STATUSES, JOB_STATUSES, type JobMove, type JobStatus } from '#core/job-status.ts';
import { insertJob } from '../../../functions/store/insert-job.ts';
import { moveJob } from '../../../functions/store/jobs.ts';
import { addProgress } from '../../../functions/store/progress.ts';
import { aDraft } from '../../support/jobs.ts';
import { type ApiWorld, apiWorld, JOBS } from './api-world.ts';
import { allPages, idsOf } from './lists.ts';

const MOVES: Readonly<Record<JobStatus, readonly JobMove[]>> = {
  Waiting: [],
  Active: ['dispatch'],
  Paused: ['pause'],
  Blocked: ['dispatch', 'block'],
  Completed: ['dispatch', 'complete'],
  Failed: ['fail'],
  Cancelled: ['cancel'],
  Expired: ['expire'],
};

const TEXTS = ['a', 'A', 'b', 'B', 'ab', 'aB', 'b a', 'é', ''] as const;
const KEYS = ['owner', 'tag:4', 'x_y'] as const;
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const aText = fc.constantFrom(...TEXTS);

const aJob = fc.record({
  id: fc.stringMatching(/^[aAbB][0-9]{1,2}$/),
  fields: fc
    .record({
      name: optional(aText),
      description: optional(aText),
      externalData: optional(aText),
      type: optional(fc.constantFrom('ta', 'tb')),
      hidden: fc.constantFrom(true, undefined, undefined, undefined),
      labels: fc.dictionary(fc.constantFrom(...KEYS), aText),
      priority: fc.nat({ max: 3 }),
    })
    .map((drawn) => Object.fromEntries(Object.entries(drawn).filter(([, value]) => value !== undefined))),
  /** Many are created in the same millisecond. */
  later: fc.nat({ max: 2 }),
  status: fc.constantFrom(...JOB_STATUSES),
  done: fc.nat({ max: 4 }),
});
type DrawnJob = typeof aJob extends fc.Arbitrary<infer T> ? T : never;

/** The view of a job, read by its id. */
interface Shown {
  readonly id: string;
  readonly status: JobStatus;
  readonly labels: Readonly<Record<string, string>>;
  readonly hidden: boolean;
  readonly createTime: number;
  readonly [member: string]: unknown;
}

async function build(drawn: readonly DrawnJob[]): Promise<{ world: ApiWorld; shown: Shown[] }> {
  const world = apiWorld();
  const { table, clock } = world;
  const shown: Shown[] = [];
  for (const { id, fields, later, status, done } of drawn) {
    clock.advance(later);
    const draft = aDraft({ partition: 'p1', job: id, createTime: clock.now(), ...fields });
    await insertJob(table, draft, { body: '{}' });
    for (const move of MOVES[status]) await moveJob(table, draft, move, { now: clock.now() + done });
    const progress = { found: 4, done, batchesOpened: 1, batchesSealed: done % 2 };
    await addProgress(table, { ...draft, runNumber: 1 }, progress, { now: 0 });
    shown.push((await world.call('GET', `${JOBS}/${id}`)).body);
  }
  return { world, shown };
}

type Predicate = (job: Shown) => boolean;
interface Criterion {
  readonly query: Readonly<Record<string, string>>;
  readonly holds: Predicate;
}

/** A comparison as text, and as a simple reference implementation evaluates it. */
interface Comparison {
  readonly text: string;
  readonly holds: Predicate;
}

function memberOf(job: Shown, field: string): unknown {
  if (!field.startsWith('labels.')) return job[field];
  const key = field.slice('labels.'.length);
  return Object.hasOwn(job.labels, key) ? job.labels[key] : undefined;
}

function comparison(field: string, operator: string, value: string, test: (member: unknown) => boolean) {
  const holds = (job: Shown) => {
    const member = memberOf(job, field);
    return member !== undefined && test(member);
  };
  return { text: `${field}${operator}${value}`, holds };
}

const textField = fc.constantFrom('id', 'name', 'type', 'template', ...KEYS.map((key) => `labels.${key}`));
const pattern = fc.constantFrom('a', 'B', '*', 'a*', '*b', '*a*', 'ta', 't*', '', 'b a', 'nope');
const isLike = (wanted: string) => {
  const expression = new RegExp(`^${wanted.replaceAll('*', '.*')}$`);
  return (member: unknown) => expression.test(String(member));
};
const numberField = fc.constantFrom('percentageComplete', 'priority', 'createTime', 'lastUpdateTime');
const ORDERS: Readonly<Record<string, (member: number, value: number) => boolean>> = {
  '==': (member, value) => member === value,
  '!=': (member, value) => member !== value,
  '=gt=': (member, value) => member > value,
  '>=': (member, value) => member >= value,
  '<': (member, value) => member < value,
  '=le=': (member, value) => member <= value,
};
const aNumber = fc.oneof(
  fc.nat({ max: 3 }),
  fc.constantFrom(25, 50, 99.99, 100),
  fc.nat({ max: 30 }).map((n) => 1_767_225_600_000 + n),
);

const aComparison: fc.Arbitrary<Comparison> = fc.oneof(
  fc
    .tuple(textField, pattern, fc.boolean())
    .map(([field, wanted, isEqual]) =>
      comparison(field, isEqual ? '==' : '!=', `"${wanted}"`, (member) => isLike(wanted)(member) === isEqual),
    ),
  fc
    .tuple(textField, fc.uniqueArray(aText, { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([field, all, isIn]) =>
      comparison(
        field,
        isIn ? '=in=' : '=out=',
        `(${all.map((text) => `'${text}'`).join(',')})`,
        (member) => (all as readonly unknown[]).includes(member) === isIn,
      ),
    ),
  fc
    .tuple(numberField, fc.constantFrom(...Object.entries(ORDERS)), aNumber)
    .map(([field, [operator, holds], value]) =>
      comparison(field, operator, String(value), (member) => holds(Number(member), value)),
    ),
  fc
    .constantFrom(...JOB_STATUSES, '*ed', 'A*')
    .map((wanted) => comparison('status', '==', wanted, isLike(wanted))),
);

/** `;` binds tighter than `,`. */
const aFilter: fc.Arbitrary<Criterion> = fc
  .array(fc.array(aComparison, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 })
  .map((anyOf) => ({
    query: { filter: anyOf.map((allOf) => allOf.map(({ text }) => text).join(';')).join(',') },
    holds: (job) => anyOf.some((allOf) => allOf.every(({ holds }) => holds(job))),
  }));

const isFinal: Predicate = ({ status }) => FINAL_STATUSES.some((final) => final === status);
const STATUS_TYPES: Readonly<Record<string, Predicate>> = {
  All: () => true,
  NotCompleted: ({ status }) => status !== 'Completed',
  Completed: ({ status }) => status === 'Completed',
  Inactive: isFinal,
  NotFinished: (job) => !isFinal(job),
};
const statusType: fc.Arbitrary<Criterion> = fc
  .constantFrom(...Object.entries(STATUS_TYPES))
  .map(([word, holds]) => ({ query: { statusType: word }, holds }));
const status: fc.Arbitrary<Criterion> = fc
  .constantFrom(...JOB_STATUSES)
  .map((word) => ({ query: { status: word }, holds: (job) => job.status === word }));
const labelExist: fc.Arbitrary<Criterion> = fc.subarray([...KEYS], { minLength: 1 }).map((keys) => ({
  query: { labelExist: keys.join(', ') },
  holds: ({ labels }) => keys.some((key) => labels[key] !== undefined),
}));
const jobIdStartsWith: fc.Arbitrary<Criterion> = fc
  .constantFrom('a', 'A', 'b1', '')
  .map((start) => ({ query: { jobIdStartsWith: start }, holds: ({ id }) => id.startsWith(start) }));
const includeHidden: fc.Arbitrary<Criterion> = fc.boolean().map((isTrue) => ({
  query: { includeHidden: String(isTrue) },
  holds: ({ hidden }) => isTrue || !hidden,
}));

/** Criteria that bulk actions accept too. */
const shared: fc.Arbitrary<Criterion> = fc
  .tuple(
    includeHidden,
    fc.array(fc.oneof({ weight: 3, arbitrary: aFilter }, labelExist, jobIdStartsWith), { maxLength: 1 }),
  )
  .map(([one, more]) => both([one, ...more]));
const criterion: fc.Arbitrary<Criterion> = fc
  .tuple(shared, fc.array(fc.oneof(statusType, status), { maxLength: 1 }))
  .map(([one, more]) => both([one, ...more]));

function both(criteria: readonly Criterion[]): Criterion {
  return {
    query: Object.assign({}, ...criteria.map(({ query }) => query)),
    holds: (job) => criteria.every(({ holds }) => holds(job)),
  };
}

const sortField = fc.constantFrom(
  ...['jobId', 'name', 'description', 'externalData', 'createTime', 'lastUpdateTime', 'status'],
  ...['percentageComplete', 'priority', ...KEYS.map((key) => `labels.${key}`)],
);

/** Texts without their case, what is missing behind all, and among equals the newest first. */
function sortedBy(jobs: readonly Shown[], field: string, direction: 'asc' | 'desc'): Shown[] {
  const place = (job: Shown) => {
    const member = memberOf(job, field === 'jobId' ? 'id' : field);
    return typeof member === 'string' ? member.toLowerCase() : (member as number | undefined);
  };
  const newestFirst = jobs.toSorted((a, b) => b.createTime - a.createTime || (a.id < b.id ? 1 : -1));
  if (field === 'createTime') return direction === 'desc' ? newestFirst : newestFirst.toReversed();
  const having = newestFirst.filter((job) => place(job) !== undefined);
  const missing = newestFirst.filter((job) => place(job) === undefined);
  const sign = direction === 'asc' ? 1 : -1;
  having.sort((a, b) => {
    const [one, other] = [place(a) ?? 0, place(b) ?? 0];
    return one === other ? 0 : sign * (one < other ? -1 : 1);
  });
  return direction === 'asc' ? [...having, ...missing] : [...missing, ...having];
}

const aList = fc.record({
  criterion,
  field: sortField,
  direction: fc.constantFrom('asc' as const, 'desc' as const),
  limit: fc.integer({ min: 1, max: 6 }),
  offset: fc.nat({ max: 8 }),
});

test('lists equal those of a plain array of the jobs, page by page, and counts match', async () => {
  let found = 0;
  const property = fc.asyncProperty(
    fc.uniqueArray(aJob, { selector: ({ id }) => id, maxLength: 15 }),
    fc.array(aList, { minLength: 1, maxLength: 8 }),
    async (drawn, lists) => {
      const { world, shown } = await build(drawn);
      for (const { criterion: wanted, field, direction, limit, offset } of lists) {
        const matching = shown.filter(wanted.holds);
        const ids = sortedBy(matching, field, direction).map(({ id }) => id);
        found += ids.length;
        const query = (more: object) => new URLSearchParams({ ...wanted.query, ...more }).toString();
        const order = { sort: `${field}:${direction}`, limit: String(limit) };

        const byCursor = await allPages(world, query(order));
        const behind = await allPages(world, query({ ...order, offset: String(offset) }));
        const byOffset: string[] = [];
        for (let skip = 0; skip <= ids.length; skip += limit) {
          const page = await world.call('GET', JOBS, { query: query({ ...order, offset: String(skip) }) });
          byOffset.push(...idsOf(page.body));
        }
        const count = await world.call('GET', '/partitions/p1/jobStats/count', { query: query({}) });
        const stats = await world.call('GET', '/partitions/p1/jobStats', { query: query({}) });

        expect(byCursor.ids).toEqual(ids);
        expect(behind.ids).toEqual(ids.slice(offset));
        expect(byOffset).toEqual(ids);
        expect([count.body, stats.body.total]).toEqual([ids.length, ids.length]);
        const byStatus = JOB_STATUSES.map((word) => [
          word,
          matching.filter((job) => job.status === word).length,
        ]);
        expect(stats.body.byStatus).toEqual(Object.fromEntries(byStatus));
      }
    },
  );
  await fc.assert(property, { numRuns: 80 });

  // The generated queries must match some jobs.
  expect(found).toBeGreaterThan(200);
});

test('bulk actions change the jobs that the list shows, and no others', async () => {
  const property = fc.asyncProperty(
    fc.uniqueArray(aJob, { selector: ({ id }) => id, maxLength: 15 }),
    shared,
    async (drawn, { query, holds }) => {
      const { world, shown } = await build(drawn);
      const search = new URLSearchParams(query).toString();

      const dry = await world.call('POST', `${JOBS}:delete`, { query: `${search}&dryRun=true` });
      const { body } = await world.call('POST', `${JOBS}:delete`, { query: search });

      const matching = shown.filter(holds);
      expect([dry.body.jobsDeleted, body.jobsDeleted]).toEqual([matching.length, matching.length]);
      const left = await allPages(world, 'includeHidden=true');
      const kept = shown.filter((job) => !holds(job)).map(({ id }) => id);
      expect(left.ids.toSorted()).toEqual(kept.toSorted());
    },
  );
  await fc.assert(property, { numRuns: 100 });
});
