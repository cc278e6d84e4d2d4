/** A job whose splitting fails ends at once, after a few attempts or later, always with the last error. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { PermanentFailure, RetryableFailure } from '#core/errors.ts';
import { Meter } from '#core/meter.ts';
import { batch, type Child, checkpoint, defineSplitter, item, type Splitter } from '#core/splitter.ts';
import { readDeadLetters } from '../../../functions/read-dead-letters/read-dead-letters.ts';
import { enterStep } from '../../../functions/split-batch/enter-step.ts';
import { splitBatch } from '../../../functions/split-batch/split-batch.ts';
import { splitMessages } from '../../../functions/split-batch/split-messages.ts';
import { SplitRequests } from '../../../functions/split-batch/split-requests.ts';
import { readFence } from '../../../functions/store/fences.ts';
import { readJobWithProgress } from '../../../functions/store/jobs.ts';
import { sentMessages } from '../../support/chunks.ts';
import { anActiveJob, JOB, RUN } from '../../support/jobs.ts';
import { memoryWorld } from '../../support/memory/world.ts';
import { readingPorts } from '../../support/policy-evaluator.ts';

afterEach(() => vi.restoreAllMocks());

type Split = () => Iterable<Child>;

function splitterOf(split: Split): Splitter {
  return defineSplitter({
    name: 'own',
    description: 'Does what a test says.',
    definition: z.unknown(),
    stable: true,
    split,
  });
}

function failing(error: unknown): Split {
  return function* () {
    yield item('a');
    throw error;
  };
}

async function aService(split: Split) {
  const world = memoryWorld();
  await anActiveJob(world.table, { plan: { splitter: 'own', itemsPerTask: 1 } });
  const ports = {
    ...world,
    ...readingPorts(world.objects),
    meter: new Meter(),
    splitters: [splitterOf(split)],
    maxItems: 10_000,
    statusCacheMillis: 0,
  };
  const requests = new SplitRequests(ports);
  const work = splitMessages(ports, {
    enter: enterStep(ports, requests),
    split: splitBatch(ports, requests),
  });
  const body = JSON.stringify({
    v: 1,
    kind: 'split',
    ...RUN,
    path: '',
    splitter: 'own',
    definition: {},
    from: 0,
    hop: 0,
  });
  return {
    world,
    body,
    bury: readDeadLetters(ports),
    /** True if the message must be redelivered. */
    async receive(receiveCount: number): Promise<boolean> {
      const { failed } = await work([{ id: 'm', body, receiveCount }], () => false);
      return failed.has('m');
    },
    work,
    async view() {
      const found = await readJobWithProgress(world.table, JOB);
      const { rows } = await world.table.query({ pk: 'P#p#J#j#R1', begins: 'F#' });
      return { status: found?.job.status, note: found?.progress.note, failure: rows[0] };
    },
  };
}

function sdkError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

describe('a splitter that throws', () => {
  test.each([
    ['a PermanentFailure', new PermanentFailure('own-code', 'no mailbox'), 'own-code', /no mailbox/],
    [
      'that a bucket does not exist',
      Object.assign(sdkError('NoSuchBucket', 'The specified bucket does not exist'), {
        BucketName: 'nowhere',
      }),
      'source-missing',
      /bucket does not exist: 'nowhere'; correct the bucket name/,
    ],
    ['that access is denied', sdkError('AccessDenied', 'Access Denied'), 'source-forbidden', /readBuckets/],
  ])('%s fails its job at the first try, with the reason', async (_, error, code, reason) => {
    const service = await aService(failing(error));

    expect(await service.receive(1)).toBe(false);

    const { status, failure } = await service.view();
    expect(status).toBe('Failed');
    expect(failure).toMatchObject({ code, failureMessage: expect.stringMatching(reason), attempts: 1 });
  });

  test('a bug is tried three times; then the job fails with the bug', async () => {
    const service = await aService(failing(new TypeError('x is not a function')));

    expect(await service.receive(1)).toBe(true);
    const meanwhile = await service.view();
    expect(await service.receive(2)).toBe(true);
    expect(await service.receive(3)).toBe(false);

    expect(meanwhile).toMatchObject({
      status: 'Active',
      note: 'batch root is retried: TypeError: x is not a function',
    });
    const { status, failure } = await service.view();
    expect(status).toBe('Failed');
    expect(failure).toMatchObject({
      code: 'splitter-failed',
      attempts: 3,
      failureMessage: expect.stringMatching(/'own' failed 3 times .*TypeError: x is not a function/),
    });
  });

  test('a temporary error is retried up to the limit of the queue; then the job fails with the last error', async () => {
    const service = await aService(failing(new RetryableFailure('busy', 'the server answered 503')));

    for (let receives = 1; receives <= 5; receives += 1) expect(await service.receive(receives)).toBe(true);
    const meanwhile = await service.view();
    const letter = JSON.stringify({ ...JSON.parse(service.body), redrives: 3 });
    await service.bury({ body: letter, origin: { queue: 'split' } });

    expect(meanwhile).toMatchObject({ status: 'Active', note: expect.stringMatching(/answered 503/) });
    const { status, failure } = await service.view();
    expect(status).toBe('Failed');
    expect(failure).toMatchObject({
      code: 'splitter-failed',
      failureMessage: expect.stringMatching(/the last error: the server answered 503/),
    });
  });

  test('a temporary error is retried from the fence, and the note with it is removed', async () => {
    let tries = 0;
    const service = await aService(function* () {
      tries += 1;
      yield item('a');
      if (tries === 1) throw new RetryableFailure('busy', 'the server answered 503');
      yield item('b');
    });

    expect(await service.receive(1)).toBe(true);
    const meanwhile = await service.view();
    expect(await service.receive(2)).toBe(false);

    expect(meanwhile.note).toMatch(/503/);
    expect(await service.view()).toMatchObject({ status: 'Active', note: undefined });
    expect(await readFence(service.world.table, RUN, '')).not.toHaveProperty('trouble');
    expect(sentMessages(service.world, 'results')).toMatchObject([{ kind: 'seal', children: 2 }]);
  });

  test('a bug now and then has three tries again wherever it got further', async () => {
    let fails = 0;
    const service = await aService(function* () {
      fails += 1;
      if (fails % 3 !== 0) throw new TypeError('now and then');
      for (let n = 0; n < 1_200; n += 1) yield item(`${n}`);
      yield checkpoint(fails);
      throw new TypeError('at the end');
    });

    const again: boolean[] = [];
    for (let receives = 1; receives <= 4; receives += 1) again.push(await service.receive(receives));

    expect(again).toEqual([true, true, true, true]);
    expect((await service.view()).status).toBe('Active');
  });
});

describe('an error of the service itself', () => {
  test('is no fault of the job: a queue that it may not send to is tried again', async () => {
    const service = await aService(function* () {
      yield item('a');
    });
    vi.spyOn(service.world.queues, 'send').mockRejectedValue(sdkError('AccessDenied', 'not this role'));

    for (let receives = 1; receives <= 5; receives += 1) expect(await service.receive(receives)).toBe(true);

    expect(await service.view()).toMatchObject({
      status: 'Active',
      note: expect.stringMatching(/not this role/),
    });
  });
});

describe('a batch that ends the function', () => {
  test('fails its job after some attempts, without a known error', async () => {
    // The process ends: nothing of what it does afterwards happens.
    const service = await aService(() => {
      throw new PermanentFailure('unreachable', 'a process that ended does not get here');
    });
    const died = async (receiveCount: number) => {
      const { table } = service.world;
      const write = table.write.bind(table);
      const spy = vi.spyOn(table, 'write').mockImplementation((...args) => {
        const [change] = args;
        return change.kind === 'update' && change.change.add?.['begun'] !== undefined
          ? write(...args)
          : new Promise(() => undefined);
      });
      vi.spyOn(table, 'transact').mockImplementation(() => new Promise(() => undefined));
      const running = service.receive(receiveCount);
      await Promise.race([running, new Promise((resolve) => setTimeout(resolve, 20))]);
      spy.mockRestore();
      vi.restoreAllMocks();
    };

    for (const receives of [1, 2, 3, 4]) await died(receives);
    const again = await service.receive(5);

    expect(again).toBe(false);
    expect((await service.view()).failure).toMatchObject({
      code: 'splitter-failed',
      failureMessage: expect.stringMatching(/memory/),
    });
  });

  test('runs alone, after messages that are received for the first time', async () => {
    const log: string[] = [];
    const service = await aService(function* () {
      log.push('begins');
      yield item('a');
    });
    const { queues } = service.world;
    const send = queues.send.bind(queues);
    vi.spyOn(queues, 'send').mockImplementation(async (queue, messages) => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      if (queue === 'results') log.push('ends');
      return send(queue, messages);
    });
    const messageOf = (path: string) => JSON.stringify({ ...JSON.parse(service.body), path });

    await service.work(
      [
        { id: 'returned', body: messageOf('7'), receiveCount: 2 },
        { id: 'first', body: messageOf('1'), receiveCount: 1 },
        { id: 'second', body: messageOf('2'), receiveCount: 1 },
      ],
      () => false,
    );

    expect(log).toEqual(['begins', 'ends', 'begins', 'ends', 'begins', 'ends']);
    const seals = sentMessages(service.world, 'results').map(({ path }) => path);
    expect(seals).toEqual(['1', '2', '7']);
  });
});

describe('an item nested 400,000 deep', () => {
  const deep = JSON.parse(`${'['.repeat(400_000)}${']'.repeat(400_000)}`);

  test('fails alone; the others of its chunk are worked on', async () => {
    const service = await aService(function* () {
      yield item('a', 1);
      yield item('deep', deep);
      yield item('b', 2);
    });

    expect(await service.receive(1)).toBe(false);

    const chunks = sentMessages(service.world, 'worker:work').map(({ items }) => items[0]);
    expect(chunks).toEqual([
      { id: 'a', payload: 1 },
      { id: 'deep', problem: expect.stringMatching(/deeper than 500 levels/) },
      { id: 'b', payload: 2 },
    ]);
  });

  test('as the definition of a smaller batch fails the job', async () => {
    const service = await aService(function* () {
      yield batch(deep);
    });

    expect(await service.receive(1)).toBe(false);

    expect((await service.view()).failure).toMatchObject({ code: 'invalid-definition' });
  });
});
