import { beforeEach, describe, expect, test } from 'vitest';
import { sendToUnroutable } from '../../../functions/store/unroutable.ts';
import { MemoryMonitor } from '../../support/memory/monitor.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';
import { token } from './tokens.ts';

const ADMIN = { token: token({ partitions: ['*'], role: 'admin' }) };
const MESSAGES = '/queues/unroutable/messages';
const BODY = JSON.stringify({ v: 9, kind: 'split', partition: 'p1', job: 'j1' });

let world: ApiWorld;

beforeEach(() => {
  world = apiWorld();
});

const refuse = (message: { body?: string; queue?: 'split' | 'worker:work' | 'worker:gone' } = {}) =>
  sendToUnroutable(world, 'test', { body: BODY, reason: 'version 9 is unknown', ...message });
const ids = async (): Promise<string[]> =>
  (await world.call('GET', MESSAGES, ADMIN)).body.map(({ id }: { id: string }) => id);

describe('GET /queues', () => {
  test('counts messages that wait, are delayed and are in flight, and dead letters', async () => {
    await world.queues.send('worker:work', [
      { body: '1', group: 'p1' },
      { body: '2', group: 'p1' },
      { body: '3', group: 'p1', delaySeconds: 60 },
    ]);
    world.queues.receive('worker:work', 1);

    const { body } = await world.call('GET', '/queues');

    expect(body).toContainEqual({
      name: 'worker:work',
      worker: 'work',
      ...{ waiting: 1, inFlight: 1, delayed: 1, deadLetters: 0 },
    });
    expect(body).toContainEqual({ name: 'unroutable', waiting: 0, inFlight: 0, delayed: 0 });
  });

  test('reads the queues at most every 10 seconds', async () => {
    const waiting = async () => (await world.call('GET', '/queues')).body[0].waiting;
    await waiting();
    await world.queues.send('split', [{ body: '1', group: 'p1' }]);

    expect(await waiting()).toBe(0);
    world.clock.advance(10_000);
    expect(await waiting()).toBe(1);
  });
});

test('GET /queues has the age of the oldest message, and works without it', async () => {
  const monitor = new MemoryMonitor();
  const split = async () => {
    world = apiWorld({ monitor });
    return (await world.call('GET', '/queues')).body.find(({ name }: { name: string }) => name === 'split');
  };
  monitor.ages.set('split', 90);
  expect(await split()).toMatchObject({ oldestSeconds: 90, waiting: 0 });

  monitor.oldestMessages = () => Promise.reject(new Error('access denied'));

  expect(await split()).toEqual({ name: 'split', waiting: 0, inFlight: 0, delayed: 0, deadLetters: 0 });
  expect(world.log.messages('warn')).toEqual(['ages of messages could not be read']);
});

test('GET /alarms has raised alarms first, and reads them at most once a minute', async () => {
  const monitor = new MemoryMonitor();
  const states = (['ok', 'alarm', 'unknown'] as const).map((status) => ({
    ...{ name: `s-${status}-1`, description: 'Read the log.', status, since: 1_000, reason: 'a test' },
  }));
  monitor.states = states;
  world = apiWorld({ monitor });
  const statuses = async () =>
    (await world.call('GET', '/alarms')).body.map(({ status }: { status: string }) => status);

  expect(await statuses()).toEqual(['alarm', 'unknown', 'ok']);
  monitor.states = [];
  expect(await statuses()).toHaveLength(3);
  world.clock.advance(60_000);
  expect(await statuses()).toEqual([]);
});

describe('unroutable messages', () => {
  test('are listed with their reason and job, and stay in the queue', async () => {
    await refuse({ queue: 'split' });
    await refuse({ body: 'not JSON' });

    const { body } = await world.call('GET', MESSAGES, ADMIN);

    expect(body).toMatchObject([
      {
        reason: 'version 9 is unknown',
        queue: 'split',
        kind: 'split',
        partition: 'p1',
        job: 'j1',
        body: BODY,
      },
      { reason: 'version 9 is unknown', body: 'not JSON', sizeBytes: 8 },
    ]);
    expect(world.queues.depth('unroutable')).toEqual({ visible: 2, delayed: 0, inFlight: 0 });
  });

  test('are sent unchanged to the queue that they came from', async () => {
    await refuse({ queue: 'worker:work' });

    const { body } = await world.call('POST', `${MESSAGES}:redrive`, {
      ...ADMIN,
      body: { ids: await ids() },
    });

    expect(body).toMatchObject({ done: [expect.any(String)], kept: [] });
    expect(world.queues.receive('worker:work')).toMatchObject([{ body: BODY, group: 'p1' }]);
    expect(await ids()).toEqual([]);
  });

  test('stay if they cannot be sent again, with the reason', async () => {
    await refuse();
    await refuse({ queue: 'worker:gone' });
    const [unknown, gone] = await ids();

    const { body } = await world.call('POST', `${MESSAGES}:redrive`, {
      ...ADMIN,
      body: { ids: [unknown, gone, 'none'] },
    });

    expect(body.done).toEqual([]);
    expect(body.kept).toEqual([
      { id: unknown, reason: expect.stringContaining('its queue is not recorded') },
      { id: gone, reason: "queue 'worker:gone' does not exist in this deployment" },
      { id: 'none', reason: expect.stringContaining('not in the queue') },
    ]);
    expect(await ids()).toEqual([unknown, gone]);
  });

  test('are deleted one by one', async () => {
    await refuse();
    await refuse();
    const [first, second] = await ids();

    await world.call('POST', `${MESSAGES}:delete`, { ...ADMIN, body: { ids: [first] } });

    expect(await ids()).toEqual([second]);
  });

  test('of more than one receive are all listed', async () => {
    for (let count = 0; count < 35; count += 1) await refuse();

    expect(await ids()).toHaveLength(35);
  });

  test('are hidden from an admin of one partition', async () => {
    const one = { token: token({ partitions: ['p1'], role: 'admin' }) };

    expect((await world.call('GET', MESSAGES, one)).status).toBe(403);
  });
});
