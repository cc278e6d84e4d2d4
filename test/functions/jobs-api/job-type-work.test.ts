import { describe, expect, test } from 'vitest';
import { readBatch } from '../../../functions/store/requests.ts';
import { ADMIN, batch, J1, NUMBERS, putJobType } from './a-job-type.ts';
import { apiWorld, createdJob, JOBS } from './api-world.ts';

async function created(mapping: string, request: object = {}, more: object = {}) {
  const world = apiWorld();
  const { status, text } = await putJobType(world, 't', { mapping, ...more });
  expect([status, text]).toEqual([201, expect.any(String)]);
  return { world, answer: await world.call('PUT', J1, { body: { type: 't', ...request } }) };
}

describe('a job of a type', () => {
  test('is split by the result of the mapping, and its request stays unchanged', async () => {
    const world = apiWorld();
    await putJobType(world, 'numbers', NUMBERS);
    const sent = { name: 'n', type: 'numbers', parameters: { count: 7 } };

    const { status, body } = await world.call('PUT', J1, { body: sent });
    const request = await world.call('GET', `${J1}/request`);

    expect([status, body.type, body.typeVersion]).toEqual([201, 'numbers', '1']);
    expect((await world.call('GET', JOBS)).body[0]).toMatchObject({ type: 'numbers', typeVersion: '1' });
    expect(request.body).toEqual(sent);
    expect(
      await readBatch(world.table, world.objects, { partition: 'p1', job: 'j1', runNumber: 1 }),
    ).toMatchObject({
      splitter: 'range',
      definition: { from: 0, to: 7 },
      worker: 'rehearse',
    });
  });

  test('keeps a large batch too', async () => {
    const mapping = `{"batch": $merge([${batch('3')}, {"parameters": {"a": $pad("", 9000, "x")}, "worker": "second"}])}`;
    const { world, answer } = await created(mapping);

    const work = await readBatch(world.table, world.objects, { partition: 'p1', job: 'j1', runNumber: 1 });

    expect(answer.status).toBe(201);
    expect(work).toMatchObject({ parameters: { a: 'x'.repeat(9000) } });
    expect((await world.call('GET', `${J1}/request`)).body).toEqual({ type: 't' });
  });

  test('is unchanged when its type changes or is deleted', async () => {
    const world = apiWorld();
    await putJobType(world, 'numbers', NUMBERS);
    const body = { type: 'numbers', parameters: { count: 7 } };
    await createdJob(world, 'j1', body);

    await putJobType(world, 'numbers', { ...NUMBERS, mapping: '$error("no more")' });
    const changed = await world.call('PUT', J1, { body });
    await world.call('DELETE', '/job-types/numbers', { token: ADMIN });
    const gone = await world.call('PUT', J1, { body });

    expect([changed.status, gone.status]).toEqual([204, 204]);
    expect((await world.call('GET', J1)).body.typeVersion).toBe('1');
  });

  test('sees parameters, configuration, constants, partition and job', async () => {
    const mapping = `{"batch": ${batch('1')}, "labels": {"all": $string([parameters.a, configuration.b, constants.c, partitionId, jobId])}}`;
    const { answer } = await created(
      mapping,
      { parameters: { a: 'A' } },
      { parametersSchema: {}, configuration: { b: 'B' }, constants: { c: { d: 1 } } },
    );

    expect(answer.body.labels.all).toBe('["A","B",{"d":1},"p1","j1"]');
  });

  test('uses labels and priority of the mapping if it has none of its own', async () => {
    const mapping = `{"batch": ${batch('1')}, "priority": 7, "labels": {"a": "mapped", "b": "mapped"}}`;

    const plain = await created(mapping);
    const own = await created(mapping, { priority: 4, labels: { a: 'own' } });

    expect(plain.answer.body).toMatchObject({ priority: 7, labels: { a: 'mapped', b: 'mapped' } });
    expect(own.answer.body).toMatchObject({ priority: 4, labels: { a: 'own', b: 'mapped' } });
  });

  test.each([
    ['an unknown type', { type: 'nope' }, '/type', "job type 'nope' does not exist; available: numbers"],
    ['a missing parameter', { type: 'numbers' }, '/parameters/count', 'is missing'],
    ['a wrong one', { type: 'numbers', parameters: { count: 'x' } }, '/parameters/count', 'must be integer'],
    [
      'what the mapping refuses',
      { type: 'numbers', parameters: { count: 101 } },
      '/parameters',
      'at most 100 {{x}}',
    ],
    ['items', { type: 'numbers', parameters: { count: 1 }, items: [] }, '/items', 'belongs to template'],
  ])('with %s is refused with its location, and leaves no data', async (_, body, pointer, words) => {
    const world = apiWorld();
    await putJobType(world, 'numbers', NUMBERS);
    const before = [...world.table.rows()].length;

    const answer = await world.call('PUT', J1, { body });

    expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, pointer]);
    expect(answer.body.errors[0].detail).toContain(words);
    expect([...world.table.rows()].length).toBe(before);
    expect(world.objects.keys()).toEqual([]);
  });

  test('has no parameters if its type has no schema', async () => {
    const { answer } = await created(`{"batch": ${batch('1')}}`, { parameters: {} });

    expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, '/parameters']);
  });

  test.each([
    ['nothing', 'parameters.nope', 'returns nothing'],
    ['no object', '[1, 2]', 'expected object'],
    ['no work', '{"priority": 1}', 'exactly one of batch, template, task; got none'],
    ['two works', '{"batch": 1, "template": "t"}', 'batch'],
    ['an unknown template', '{"template": "t", "items": []}', "template 't' does not exist"],
    ['a task that says nothing', '{"task": {}}', '/task/'],
    ['what is not known', `{"batch": ${batch('1')}, "name": "x"}`, '/name: is not known here'],
    ['a wrong definition', `{"batch": ${batch('"x"')}}`, '/batch/definition/to: must be integer'],
    [
      'an unknown worker',
      '{"batch": {"splitter": "range", "definition": {"from":0,"to":1}, "worker": "no"}}',
      "worker 'no' does not exist",
    ],
    ['a function', '{"batch": function($x) {1}}', 'contains a function'],
    ['odd names', '{"__proto__": 1}', 'not allowed'],
    ['an error of its own', '$number("x")', 'position'],
    ['more than a body', '$pad("x", 2000000)', 'at most 1048576'],
    ['labels that are none', `{"batch": ${batch('1')}, "labels": {"a b": "x"}}`, 'label'],
  ])('whose mapping yields %s is refused with the reason, and leaves nothing', async (_, mapping, words) => {
    const { world, answer } = await created(mapping);

    expect([answer.status, answer.body.code]).toEqual([422, 'mapping-failed']);
    expect(answer.body.detail).toContain("job type 't' (version 1)");
    expect(answer.body.detail).toContain(words);
    expect(world.objects.keys()).toEqual([]);
    expect((await world.call('GET', J1)).status).toBe(404);
  });

  test.each([
    ['runs for ever', '($f := function($n) {$f($n + 1)}; $f(1))', /timeout|4 s/],
    ['calls itself for ever', '($f := function($n) {1 + $f($n)}; $f(1))', /Stack overflow/],
    ['makes too much', '[1..1000000]', /sequence length/],
    ['is stuck in one step', `"${'a'.repeat(42)}b" ~> $match(/^(a+)+$/)`, /longer than 4 s/],
    ['fills the memory', '$pad("x", 400000000)', /128 MiB|4 s/],
  ])('whose mapping %s is refused, and the next one is answered', async (_, mapping, words) => {
    const { world, answer } = await created(mapping);
    await putJobType(world, 'numbers', NUMBERS);

    const next = await world.call('PUT', `${JOBS}/j2`, {
      body: { type: 'numbers', parameters: { count: 1 } },
    });

    expect([answer.status, answer.body.detail]).toEqual([422, expect.stringMatching(words)]);
    expect(next.status).toBe(201);
  });
});
