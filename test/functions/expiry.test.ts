import { describe, expect, test } from 'vitest';
import { FINAL_STATUSES, LIVE_STATUSES } from '#core/job-status.ts';
import { aJobThatIs, anExpiringService, DAY, HOUR, NOTHING, whatIsLeft } from './an-expiring-service.ts';

const TIMES: [
  string,
  (job: { createTime: number; lastUpdateTime: number }) => { text: string; due: number },
][] = [
  [
    'an instant',
    ({ createTime }) => ({ text: new Date(createTime + DAY).toISOString(), due: createTime + DAY }),
  ],
  ['createTime+', ({ createTime }) => ({ text: 'createTime+P1DT2H', due: createTime + DAY + 2 * HOUR })],
  [
    'lastUpdateTime+',
    ({ lastUpdateTime }) => ({ text: 'lastUpdateTime+PT6H', due: lastUpdateTime + 6 * HOUR }),
  ],
];

describe.each(TIMES)('a policy with %s', (_, timeOf) => {
  const text = timeOf({ createTime: 1_767_225_600_000, lastUpdateTime: 0 }).text;

  test.each(LIVE_STATUSES)('expires a job that is %s at its time, not before', async (status) => {
    const { service, job } = await aJobThatIs(status, { expiryTime: text });
    const { due } = timeOf(job);

    service.clock.advanceTo(due - 1);
    const early = await service.sweep();
    service.clock.advanceTo(due);
    const late = await service.sweep();
    await service.drain();

    const expired = await service.job('j');
    expect(job.expiresAt).toBe(due);
    expect([early.expired, late.expired]).toEqual([0, 1]);
    expect(expired).toMatchObject({ status: 'Expired', endTime: due });
    expect(expired.failures).toContainEqual(
      expect.objectContaining({
        code: 'expired',
        failureMessage: expect.stringContaining(`still ${status} at`),
      }),
    );
    expect((await service.history('j')).at(-1)).toMatchObject({
      verb: 'expire',
      actor: 'system',
      from: status,
    });
  });

  test.each([...LIVE_STATUSES, ...FINAL_STATUSES])(
    'deletes a job that is %s if its policy requests it',
    async (status) => {
      const { service, job } = await aJobThatIs(status, { expiryTime: text, operation: 'Delete' });
      const { due } = timeOf(job);

      service.clock.advanceTo(due - 1);
      const early = await service.sweep();
      service.clock.advanceTo(due);
      const late = await service.sweep();
      await service.drain();

      expect([early.expired, late.expired]).toEqual([0, 1]);
      expect(await service.status('j')).toBe('Deleted');
    },
  );
});

describe('a policy', () => {
  test.each(LIVE_STATUSES)(
    'with an instant that is past acts on a %s job at the next sweep',
    async (status) => {
      const { service } = await aJobThatIs(status);
      await service.patch('j', {
        expiry: { [status.toLowerCase()]: { expiryTime: '2020-01-01T00:00:00Z' } },
      });

      const { expired } = await service.sweep();

      expect([expired, await service.status('j')]).toEqual([1, 'Expired']);
    },
  );

  test.each([...LIVE_STATUSES, ...FINAL_STATUSES])('of none keeps a %s job for ever', async (status) => {
    const { service } = await aJobThatIs(status, { expiryTime: 'none' });
    service.clock.advance(100 * 365 * DAY);

    expect(await service.sweep()).toMatchObject({ expired: 0, failed: 0 });
    expect(await service.status('j')).toBe(status);
  });

  test.each(['Waiting', 'Paused', 'Blocked'] as const)(
    'that is missing keeps a %s job for ever',
    async (status) => {
      const { service } = await aJobThatIs(status);
      service.clock.advance(100 * 365 * DAY);

      expect(await service.sweep()).toEqual({ called: 0, expired: 0, failed: 0 });
      expect(await service.status('j')).toBe(status);
    },
  );

  test('of another status does nothing', async () => {
    const { service } = await aJobThatIs('Paused');
    await service.patch('j', { expiry: { active: { expiryTime: '2020-01-01T00:00:00Z' } } });

    await service.pass(DAY);

    expect(await service.status('j')).toBe('Paused');
  });

  test('counts from the last change of the job, not from its progress', async () => {
    const { service } = await aJobThatIs('Paused', { expiryTime: 'lastUpdateTime+PT6H' });
    await service.pass(5 * HOUR);
    await service.patch('j', { name: 'still wanted' });
    await service.pass(5 * HOUR);
    const before = await service.status('j');

    await service.pass(HOUR);

    expect([before, await service.status('j')]).toEqual(['Paused', 'Expired']);
  });
});

describe('a job past its time when it would start', () => {
  const expiry = { waiting: { expiryTime: 'createTime+PT5S' } };

  test('after its delay is Expired, with a failure that explains, and not done', async () => {
    const service = anExpiringService();
    await service.create('j', { delay: 10, expiry });

    await service.drain();

    const job = await service.job('j');
    expect(job).toMatchObject({ status: 'Expired', items: { found: 0 } });
    expect(job).not.toHaveProperty('startTime');
    expect(job.failures).toMatchObject([{ code: 'expired', failureSource: 'job' }]);
    expect(job.failures[0].failureMessage).toBe(
      'the job was still Waiting at 2026-01-01T00:00:05.000Z, the end of its expiry policy for that status ' +
        '(createTime+PT5S); it never started. Resubmit it with a later expiry',
    );
  });

  test('on the waitlist for a slot is Expired, and the next one starts', async () => {
    const service = anExpiringService();
    await service.settings({ suspended: true });
    await service.create('j', { priority: 9, expiry });
    await service.create('next', {});
    await service.drain();
    service.clock.advance(10_000);

    await service.settings({ suspended: false });
    await service.drain();

    expect([await service.status('j'), await service.status('next')]).toEqual(['Expired', 'Completed']);
  });

  test('is also Expired if it expires between the query and the start', async () => {
    const service = anExpiringService();
    await service.create('j', { expiry });
    beforeLookAtLine(service, () => service.clock.advance(5_000));

    await service.drain();

    expect(await service.job('j')).toMatchObject({ status: 'Expired', failures: [{ code: 'expired' }] });
  });

  test('is also Expired if an edit shortens its time between the query and the start', async () => {
    const service = anExpiringService();
    await service.create('j', {});
    beforeLookAtLine(service, () =>
      service.patch('j', { expiry: { waiting: { expiryTime: '2020-01-01T00:00:00Z' } } }),
    );

    await service.drain();

    expect(await service.job('j')).toMatchObject({ status: 'Expired', failures: [{ code: 'expired' }] });
  });

  test('by a policy with Delete is deleted', async () => {
    const service = anExpiringService();
    await service.create('j', { delay: 10, expiry: { waiting: { ...expiry.waiting, operation: 'Delete' } } });

    await service.drain();

    expect(await whatIsLeft(service)).toEqual(NOTHING);
  });
});

/** Runs `act` before the next query of the waitlist, once. */
function beforeLookAtLine({ table }: ReturnType<typeof anExpiringService>, act: () => unknown): void {
  const query = table.query.bind(table);
  table.query = async (asked) => {
    if (!asked.pk.endsWith('#Q')) return query(asked);
    table.query = query;
    await act();
    return query(asked);
  };
}
