import { describe, expect, test } from 'vitest';
import { createJobBody } from '#contract/create-job.ts';

const BATCH = { splitter: 's', definition: {}, worker: 'w' };
const TASK = { taskClassifier: 'c', taskApiVersion: 1, taskData: 'd', taskPipe: 'w' };

function faults(body: unknown): string[] {
  const parsed = createJobBody.safeParse(body);
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('/')} ${message}`);
}

function batchFaults(more: object): string[] {
  return faults({ batch: { ...BATCH, ...more } });
}

describe('the body of a new job', () => {
  test('receives the defaults of the contract', () => {
    const { labels, priority, batch } = createJobBody.parse({ batch: BATCH });

    expect({ labels, priority }).toEqual({ labels: {}, priority: 4 });
    expect(batch).toEqual({
      ...BATCH,
      pipeline: [],
      onItemFailure: 'failIfNoneSucceed',
      maxAttempts: 3,
      outcomes: 'all',
    });
  });

  test.each([
    ['none', {}, 'got none of them'],
    ['two', { batch: BATCH, type: 't' }, 'got batch and type'],
    ['three', { batch: BATCH, template: 't', task: TASK }, 'got batch and template and task'],
  ])('names its work in exactly one form, not in %s', (_, body, words) => {
    expect(faults(body)).toEqual([expect.stringContaining(words)]);
  });

  test('of a template has parameters and items with unique ids', () => {
    const part = { url: 'upload:1' };

    expect(faults({ template: 't', parameters: {}, items: [{ id: 'a', parts: [part] }, {}] })).toEqual([]);
    expect(faults({ template: 't', items: [{ id: '1' }, { id: '1' }] })).toEqual([
      "items/1/id '1' is already the id of item 0; use unique ids",
    ]);
    expect(faults({ template: 't', items: [{ parts: [{ url: 'http://a' }] }] })).toEqual([
      expect.stringContaining('items/0/parts/0/url must be upload:'),
    ]);
  });

  test.each(['parameters', 'items'])('of a batch cannot have %s', (member) => {
    expect(faults({ batch: BATCH, [member]: [] })).toEqual([
      expect.stringContaining(`${member} belongs to `),
    ]);
  });

  test('may contain null and blank values', () => {
    const neutral = {
      prerequisiteJobIds: [null, '', '  '],
      delay: 0,
      onPrerequisiteFailure: 'wait',
      notBefore: 0,
      hold: false,
      expiry: {},
    };

    expect(faults({ batch: BATCH, ...neutral })).toEqual([]);
    expect(faults({ batch: BATCH, prerequisiteJobIds: null, notBefore: null, expiry: null })).toEqual([]);
  });

  test.each([
    ['name', 'x'.repeat(256)],
    ['name', 1],
    ['description', 'x'.repeat(10_001)],
    ['priority', 10],
    ['priority', -1],
    ['priority', 1.5],
    ['delay', -1],
    ['onPrerequisiteFailure', 'retry'],
    ['expiry', { sometimes: {} }],
    ['labels', { 'a b': 'x' }],
    ['labels', { ä: 'x' }],
    ['labels', { '': 'x' }],
    ['labels', { a: 'x'.repeat(256) }],
    ['labels', { a: 1 }],
    ['labels', Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`l${i}`, 'x']))],
  ])('is refused for its %s', (member, value) => {
    const found = faults({ batch: BATCH, [member]: value });

    expect(found.length).toBeGreaterThan(0);
    for (const fault of found) expect(fault).toMatch(new RegExp(`^${member}`));
  });

  test('accepts labels of letters, digits, underscore, hyphen and colon', () => {
    expect(faults({ batch: BATCH, labels: { 'tag:4_a-B': 'x'.repeat(255), owner: '' } })).toEqual([]);
  });
});

describe('a batch', () => {
  test('has a definition, which can be null', () => {
    const { definition: _definition, ...batch } = BATCH;

    expect(faults({ batch })).toEqual([expect.stringMatching('^batch/definition')]);
    expect(faults({ batch: { ...batch, definition: null } })).toEqual([]);
  });

  test.each([
    ['itemsPerTask', [0, 1_001, 2.5, '25']],
    ['maxAttempts', [0, 11]],
    ['pipeline', [Array(11).fill('w'), 'w', ['']]],
    ['outcomes', ['none']],
    [
      'onItemFailure',
      ['never', { tolerate: {} }, { tolerate: { count: -1 } }, { tolerate: { percent: 101 } }],
    ],
    ['onItemFailure', [{ tolerate: { count: 1, percent: 1 } }, { tolerate: { count: 1.5 } }]],
    ['splitter', ['', undefined, 3]],
  ])('is refused for its %s', (member, values) => {
    for (const value of values) {
      expect(batchFaults({ [member]: value })).toEqual([expect.stringMatching(`^batch/${member}`)]);
    }
  });

  test.each([
    { itemsPerTask: 1 },
    { itemsPerTask: 1_000 },
    { maxAttempts: 10 },
    { pipeline: Array(10).fill('w') },
    { onItemFailure: { tolerate: { count: 0 } } },
    { onItemFailure: { tolerate: { percent: 99.9 } } },
    { definition: null },
    { parameters: null },
  ])('takes %j', (more) => {
    expect(batchFaults(more)).toEqual([]);
  });
});

describe('a task', () => {
  const taskFaults = (more: object) => faults({ task: { ...TASK, ...more } });

  test.each([
    ['taskClassifier', ['', 1, null, undefined]],
    ['taskApiVersion', [0, -1, 1.5, '1', undefined]],
    ['taskData', ['', 1, true, null, [], undefined]],
    ['taskPipe', ['', null, 'x'.repeat(101), undefined]],
    ['targetPipe', ['', 1]],
    ['taskDataEncoding', ['utf16', 'UTF8', '']],
    ['nope', [1]],
  ])('is refused for its %s', (member, values) => {
    for (const value of values) {
      const at = member === 'nope' ? '^task ' : `^task/${member}`;
      expect(taskFaults({ [member]: value })).toEqual([expect.stringMatching(at)]);
    }
  });

  test('has an encoding only for strings', () => {
    expect(taskFaults({ taskData: { a: 1 }, taskDataEncoding: 'utf8' })).toEqual([
      expect.stringMatching('^task/taskDataEncoding is only allowed if taskData is a string'),
    ]);
    for (const taskDataEncoding of ['utf8', 'base64']) expect(taskFaults({ taskDataEncoding })).toEqual([]);
  });

  test.each([{ targetPipe: null }, { targetPipe: 'q' }, { taskData: {} }, { taskApiVersion: 7 }])(
    'takes %j',
    (more) => {
      expect(taskFaults(more)).toEqual([]);
    },
  );
});
