import { describe, expect, test } from 'vitest';
import { omitUndefined } from '#core/omit-undefined.ts';
import { insertJob } from '../../../functions/store/insert-job.ts';
import { aDraft } from '../../support/jobs.ts';
import { aService, type Service } from './a-service.ts';

const AFTER_A = { prerequisiteJobIds: ['a'] };

describe('a job with prerequisites', () => {
  test('waits until all of them are Completed, and starts once', async () => {
    const service = aService();
    await service.create('c', { prerequisiteJobIds: ['a', ' ', null, 'b', 'a'] });
    await service.drain();
    const waiting = await service.view('c');

    await service.create('a');
    await service.drain();
    const half = await service.view('c');
    await service.create('b');
    await service.drain();

    expect(waiting).toMatchObject({ status: 'Waiting', waitingFor: ['a', 'b'] });
    expect(half).toMatchObject({ status: 'Waiting', waitingFor: ['b'] });
    expect(await service.view('c')).toMatchObject({ status: 'Completed', waitingFor: [] });
    expect(await service.view('a')).toMatchObject({ dependents: ['c'] });
    expect(await service.verbs('c')).toEqual(['create', 'dispatch', 'complete']);
  });

  test('starts once even if both end at the same moment', async () => {
    const service = aService();
    await service.create('a');
    await service.create('b');
    await service.create('c', { prerequisiteJobIds: ['a', 'b'] });

    await service.drain();

    expect(await service.status('c')).toBe('Completed');
    expect((await service.verbs('c')).filter((verb) => verb === 'dispatch')).toHaveLength(1);
  });

  test('starts its delay after the last of them ends', async () => {
    const service = aService();
    await service.create('b', { ...AFTER_A, delay: 60 });
    await service.create('a');

    await service.drain();

    const { endTime } = await service.view('a');
    const { status, startTime } = await service.view('b');
    expect(status).toBe('Completed');
    expect(startTime - endTime).toBeGreaterThanOrEqual(60_000);
    expect(startTime - endTime).toBeLessThan(65_000);
  });

  test('does not wait for one that does not exist and is pre-created, and waits for others', async () => {
    const service = aService();
    await service.create('b', { prerequisiteJobIds: ['none,pc'] });
    await service.create('c', { prerequisiteJobIds: ['none'] });

    await service.drain();

    expect(await service.status('b')).toBe('Completed');
    expect(await service.view('c')).toMatchObject({ status: 'Waiting', waitingFor: ['none'] });
  });

  test('waits for a pre-created one that exists', async () => {
    const service = aService();
    await service.create('a', { hold: true });
    await service.create('b', { prerequisiteJobIds: ['a,pc'] });

    await service.drain();

    expect(await service.view('b')).toMatchObject({ status: 'Waiting', waitingFor: ['a'] });
  });

  test('can be paused meanwhile: completed prerequisites count when it is resumed', async () => {
    const service = aService();
    await service.create('b', AFTER_A);
    await service.post('b', 'pause');
    await service.create('a');
    await service.drain();
    const paused = await service.status('b');

    await service.post('b', 'resume');
    await service.drain();

    expect([paused, await service.status('b')]).toEqual(['Paused', 'Completed']);
  });
});

describe('a prerequisite that does not complete', () => {
  const chain = async (policy?: string) => {
    const service = aService();
    await service.create('a', { hold: true });
    await service.create('b', { ...AFTER_A, ...omitUndefined({ onPrerequisiteFailure: policy }) });
    await service.create('c', { prerequisiteJobIds: ['b'] });
    await service.drain();
    return service;
  };

  test.each<[string, string, (service: Service) => Promise<unknown>]>([
    ['Cancelled', 'is cancelled', (service) => service.post('a', 'cancel')],
    ['Deleted', 'is deleted', (service) => service.remove('a')],
  ])('fails the whole chain, which names the root cause: %s, since it %s', async (how, _what, end) => {
    const service = await chain();

    await end(service);
    await service.drain();

    const [b, c] = [await service.view('b'), await service.view('c')];
    expect([b.status, c.status]).toEqual(['Failed', 'Failed']);
    expect(b.failures).toMatchObject([
      { code: 'prerequisite-failed', failureSource: "job 'a'", failureMessage: expect.stringContaining(how) },
    ]);
    expect(c.failures).toMatchObject([
      {
        code: 'prerequisite-failed',
        failureSource: "job 'a'",
        failureMessage: expect.stringMatching(
          new RegExp(`'b' ended as Failed, because job 'a' ended as ${how}`),
        ),
      },
    ]);
  });

  test('also fails a paused job, but not one that is final or has started', async () => {
    const service = await chain();
    await service.post('b', 'pause');
    await service.create('d', AFTER_A);
    await service.post('d', 'cancel');
    await service.drain();

    await service.post('a', 'cancel');
    await service.drain();

    expect([await service.status('b'), await service.status('d')]).toEqual(['Failed', 'Cancelled']);
    expect(await service.verbs('d')).toEqual(['create', 'cancel']);
  });

  test('counts as complete with ignore', async () => {
    const service = await chain('ignore');

    await service.post('a', 'cancel');
    await service.drain();

    expect([await service.status('b'), await service.status('c')]).toEqual(['Completed', 'Completed']);
  });

  test('blocks with wait, until it has run again', async () => {
    const service = aService();
    await service.create('a', {}, { from: -1, onItemFailure: 'failAtEnd' });
    await service.drain();
    await service.create('b', { ...AFTER_A, onPrerequisiteFailure: 'wait' });
    await service.drain();
    const waiting = [await service.status('a'), await service.status('b')];

    await service.retry('a', { patch: { number: 5 } });
    await service.drain();

    expect(waiting).toEqual(['Failed', 'Waiting']);
    expect([await service.status('a'), await service.status('b')]).toEqual(['Completed', 'Completed']);
  });

  test('blocks with wait after its deletion, until another job has its id', async () => {
    const service = await chain('wait');
    await service.remove('a');
    await service.drain();
    const waiting = await service.status('b');

    await service.create('a');
    await service.drain();

    expect([waiting, await service.status('b')]).toEqual(['Waiting', 'Completed']);
  });

  test('that completed before its deletion counts as complete', async () => {
    const service = aService();
    await service.create('a');
    await service.create('b', { prerequisiteJobIds: ['a', 'other'] });
    await service.drain();
    await service.remove('a');
    await service.drain();
    await service.create('other');

    await service.drain();

    expect(await service.status('b')).toBe('Completed');
  });
});

describe('creating a job whose prerequisite', () => {
  test('has failed is refused, and nothing is stored', async () => {
    const service = aService();
    await service.create('a', { hold: true });
    await service.post('a', 'cancel');

    const { status, body } = await service.create('b', AFTER_A);

    expect(status).toBe(400);
    expect(body.errors).toEqual([
      { pointer: '/prerequisiteJobIds', detail: expect.stringMatching(/'a' is already Cancelled/) },
    ]);
    expect((await service.api.call('GET', '/partitions/p1/jobs/b')).status).toBe(404);
    expect((await service.view('a')).dependents).toEqual([]);
  });

  test.each([
    ['ignore', 'Completed'],
    ['wait', 'Waiting'],
  ])('has failed already is fine under %s', async (onPrerequisiteFailure, status) => {
    const service = aService();
    await service.create('a', { hold: true });
    await service.post('a', 'cancel');

    await service.create('b', { ...AFTER_A, onPrerequisiteFailure });
    await service.drain();

    expect(await service.status('b')).toBe(status);
  });

  test('was deleted waits for the next job with its id', async () => {
    const service = aService();
    await service.create('a', { hold: true });
    await service.remove('a');

    await service.create('b', AFTER_A);
    await service.drain();

    expect(await service.status('b')).toBe('Waiting');
  });

  test.each([
    [['a'], /a → a/],
    [['x', 'c'], /a → c → b → a/],
  ])('leads back to itself is refused: %j', async (prerequisiteJobIds, way) => {
    const service = aService();
    await service.create('b', AFTER_A);
    await service.create('c', { prerequisiteJobIds: ['b'] });

    const { status, body } = await service.create('a', { prerequisiteJobIds });

    expect(status).toBe(400);
    expect(body.detail).toMatch(way);
  });

  test.each([['a.b'], ['x'.repeat(49)], ['a,b']])('has an invalid id is refused: %s', async (id) => {
    const { status, body } = await aService().create('b', { prerequisiteJobIds: [id] });

    expect([status, body.errors[0].pointer]).toEqual([400, '/prerequisiteJobIds']);
  });
});

test('two jobs created at the same moment that wait for each other fail', async () => {
  const service = aService();
  const request = { body: '{}' };
  const draft = (job: string, other: string) =>
    aDraft({ partition: 'p1', job, prerequisites: [{ job: other, since: 1 }] });
  await insertJob(service.table, draft('a', 'b'), request);
  await insertJob(service.table, draft('b', 'a'), request);

  await service.drain();

  const failures = await Promise.all(
    ['a', 'b'].map(async (job) => (await service.view(job)).failures[0].code),
  );
  expect(failures).toContain('prerequisite-cycle');
  expect([await service.status('a'), await service.status('b')]).toEqual(['Failed', 'Failed']);
});

test('a deleted job leaves no row under its prerequisites', async () => {
  const service = aService();
  await service.create('a', { hold: true });
  await service.create('b', AFTER_A);

  await service.remove('b');
  await service.drain();

  expect((await service.view('a')).dependents).toEqual([]);
  expect([...service.table.rows()].filter(({ sk }) => sk.startsWith('DEP#'))).toEqual([]);
});
