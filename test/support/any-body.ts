/** Generates request bodies for every operation: valid ones, ones with a single error, and arbitrary bytes. */
import fc from 'fast-check';
import type { Route } from '#contract/route.ts';
import { anyText } from './any-text.ts';

/** Names have a prefix, because fast-check often generates names that are not allowed. */
const labels = fc.dictionary(fc.stringMatching(/^l[a-z0-9_:-]{0,20}$/), fc.string({ maxLength: 20 }), {
  maxKeys: 5,
});

const batch = fc.record(
  {
    splitter: fc.constant('range'),
    definition: fc
      .record({ from: fc.nat({ max: 100 }), count: fc.nat({ max: 100 }) })
      .map(({ from, count }) => ({ from, to: from + count })),
    worker: fc.constant('rehearse'),
    itemsPerTask: fc.integer({ min: 1, max: 1000 }),
    maxAttempts: fc.integer({ min: 1, max: 10 }),
    pipeline: fc.array(fc.constant('rehearse'), { maxLength: 10 }),
    onItemFailure: fc.constantFrom(
      'continue',
      'failFast',
      { tolerate: { count: 1 } },
      { tolerate: { percent: 2.5 } },
    ),
    outcomes: fc.constantFrom('all', 'failures'),
  },
  { requiredKeys: ['splitter', 'definition', 'worker'] },
);

/** Bodies that create a job of a batch. */
export const batchJob = fc.record(
  {
    name: fc.string({ unit: 'grapheme', maxLength: 40 }),
    description: fc.string({ maxLength: 100 }),
    labels,
    externalData: fc.string({ maxLength: 6_000 }),
    priority: fc.integer({ min: 0, max: 9 }),
    prerequisiteJobIds: fc.constantFrom([], [null, ' ']),
    delay: fc.constant(0),
    hold: fc.constant(false),
    expiry: fc.constant({}),
    batch,
  },
  { requiredKeys: ['batch'] },
);

const taskJob = fc.record({
  task: fc.record({
    taskClassifier: fc.constant('BatchWorker'),
    taskApiVersion: fc.integer({ min: 1, max: 3 }),
    taskPipe: fc.constant('batch'),
    taskData: fc.record({
      batchType: fc.constant('range'),
      batchDefinition: fc.constantFrom('{"from": 0, "to": 10}', '{"from": "0"}'),
      targetPipe: fc.constant('worker-rehearse-in'),
      taskMessageParams: fc.dictionary(
        fc.constantFrom('millisPerItem', 'failItems'),
        fc.constantFrom('5', '[7]'),
      ),
    }),
  }),
});
const typedJob = fc.record({ type: fc.constantFrom('t1', 't2'), parameters: fc.jsonValue() });
const job = fc.oneof({ weight: 3, arbitrary: batchJob }, taskJob, typedJob);

const nothing = fc.constantFrom(undefined, {});

/** Bodies by operation. An operation that is not listed has no body. */
const BODIES: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  putJob: job,
  createJob: job,
  editJob: fc.record(
    {
      name: fc.option(fc.string({ maxLength: 30 })),
      labels,
      hidden: fc.constant(false),
      priority: fc.nat({ max: 9 }),
    },
    { requiredKeys: [] },
  ),
  retryJob: fc.constantFrom(
    {},
    { filter: { codes: ['broken'] } },
    { filter: { itemIds: ['1'] }, patch: { a: { b: null } } },
  ),
  resubmitJob: fc.oneof(nothing, fc.record({ id: fc.stringMatching(/^r[a-z0-9]{1,20}$/) })),
  createUpload: fc.constantFrom(undefined, {}, { filename: 'a.csv', contentType: 'text/csv' }),
  putJobType: fc.record(
    {
      description: fc.string({ maxLength: 30 }),
      parametersSchema: fc.constantFrom({ type: 'object' }, { properties: { to: { type: 'integer' } } }),
      configuration: fc.constant({ address: 'https://example.com' }),
      constants: fc.constant({ from: 0 }),
      mapping: fc.constantFrom(
        '{"batch": {"splitter": "range", "definition": {"from": 0, "to": 9}, "worker": "rehearse"}}',
        '$error("not today")',
        'parameters',
      ),
    },
    { requiredKeys: ['mapping'] },
  ),
};

function valueFor({ operation }: Route): fc.Arbitrary<unknown> {
  return BODIES[operation] ?? nothing;
}

export function validBody(route: Route): fc.Arbitrary<string | null> {
  return valueFor(route).map((value) => (value === undefined ? null : JSON.stringify(value)));
}

const MEBIBYTE = 1024 * 1024;
const oddValue = fc.oneof(
  fc.jsonValue(),
  anyText,
  fc.double(),
  fc.constantFrom(null, true, -1, 2 ** 31, 2 ** 53, 1e308, [], {}, [[]], { a: { b: {} } }, 'x'.repeat(300)),
);

/** Replaces one value anywhere in the body by any value, or adds an unknown member. */
function withOddValue(value: unknown, at: number, odd: unknown): unknown {
  const root: Owner = { body: structuredClone(value ?? {}) };
  const members = membersOf(root);
  const [owner, name] = members[at % members.length] ?? [root, 'body'];
  owner[name] = odd;
  return root['body'];
}

type Owner = Record<string, unknown>;

function membersOf(owner: Owner): [Owner, string][] {
  const inside = Object.entries(owner).flatMap(([name, value]): [Owner, string][] => [
    [owner, name],
    ...(typeof value === 'object' && value !== null ? membersOf(value as Owner) : []),
  ]);
  return [...inside, [owner, 'nope']];
}

const NESTED = [
  ['{"a":[', ']}'],
  ['[', ']'],
  ['{"batch":', '}'],
] as const;
const deeplyNested = fc
  .tuple(fc.integer({ min: 1, max: 3_000 }), fc.constantFrom(...NESTED))
  .map(([depth, [open, close]]) => `${open.repeat(depth)}1${close.repeat(depth)}`);

const hugeNumber = fc
  .constantFrom('1e999', '-0', '9007199254740993', '1E400', '0.1e-400', '-1', `1${'0'.repeat(400)}`)
  .map((literal) => `{"priority":${literal},"delay":${literal},"batch":{"itemsPerTask":${literal}}}`);

const brokenUtf8 = fc
  .tuple(fc.uint8Array({ maxLength: 30 }), fc.constantFrom(0x80, 0xc0, 0xff))
  .map(([bytes, broken]) => Uint8Array.from([0x22, ...bytes, broken, 0x22]));

/** Renames the member at this position to a forbidden name. */
function withRenamedMember(text: string, at: number, name: string): string {
  const members = [...text.matchAll(/"\w+":/g)];
  const member = members[at % Math.max(1, members.length)];
  if (member === undefined) return `{"${name}":{"polluted":true}}`;
  const end = member.index + member[0].length;
  return `${text.slice(0, member.index)}"${name}":${text.slice(end)}`;
}

export function anyBody(route: Route): fc.Arbitrary<string | Uint8Array | null> {
  const value = valueFor(route);
  const text = validBody(route).map((valid) => valid ?? '{}');
  const name = fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString');
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .tuple(value, fc.nat(), oddValue)
        .map((input) => JSON.stringify(withOddValue(...input)) ?? 'undefined'),
    },
    fc.tuple(text, fc.nat(), name).map((input) => withRenamedMember(...input)),
    fc.tuple(text, fc.nat()).map(([valid, at]) => valid.slice(0, at % (valid.length + 1))),
    text.map((valid) => `\ufeff${valid}`),
    text.map((valid) => valid.replace('{', '{"name":"a","name":"b",')),
    fc.json(),
    anyText,
    deeplyNested,
    hugeNumber,
    brokenUtf8,
    fc.integer({ min: MEBIBYTE - 2, max: MEBIBYTE + 2 }).map((length) => `"${'x'.repeat(length)}"`),
    fc.constant(null),
  );
}
