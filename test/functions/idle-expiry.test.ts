import { describe, expect, test } from 'vitest';
import { addProgress } from '../../functions/store/progress.ts';
import { aJobThatIs, anExpiringService, DAY } from './an-expiring-service.ts';

const RUN = { partition: 'p1', job: 'j', runNumber: 1 };

describe('an Active job without a policy for active', () => {
  test('expires after seven days without progress, and reports it', async () => {
    const { service, job } = await aJobThatIs('Active');
    const due = job.startTime + 7 * DAY;

    service.clock.advanceTo(due - 1);
    const early = await service.sweep();
    service.clock.advanceTo(due);
    const late = await service.sweep();
    await service.drain();

    const expired = await service.job('j');
    expect(job.expiresAt).toBe(due);
    expect([early.expired, late.expired]).toEqual([0, 1]);
    expect(expired.status).toBe('Expired');
    expect(expired.failures[0].failureMessage).toMatch(/no progress for P7D.*expiry policy for active/);
  });

  test('is due seven days after its last progress, which costs no write to the job row', async () => {
    const { service, job } = await aJobThatIs('Active');
    const { table, clock } = service;
    const rowOf = async () => (await table.get({ pk: 'P#p1#J#j', sk: 'JOB' })).row;
    const before = await rowOf();
    clock.advance(6 * DAY);
    const progressTime = clock.now();
    await addProgress(table, RUN, { done: 1 }, { now: progressTime });
    const between = await rowOf();
    const shown = (await service.job('j')).expiresAt;
    clock.advanceTo(job.startTime + 7 * DAY);
    const postponed = await service.sweep();
    const idle = await service.sweep();

    clock.advanceTo(progressTime + 7 * DAY - 1);
    const early = await service.sweep();
    clock.advanceTo(progressTime + 7 * DAY);
    const late = await service.sweep();

    expect(between).toEqual(before);
    expect(shown).toBe(progressTime + 7 * DAY);
    expect([postponed.expired, idle.expired, early.expired, late.expired]).toEqual([0, 0, 0, 1]);
    expect(await service.status('j')).toBe('Expired');
  });

  test('is not kept alive by operations that are counted for redelivered messages', async () => {
    const { service, job } = await aJobThatIs('Active');
    service.clock.advance(6 * DAY);
    await addProgress(service.table, RUN, {}, { now: service.clock.now(), operations: { queueRequests: 1 } });

    service.clock.advanceTo(job.startTime + 7 * DAY);

    expect((await service.sweep()).expired).toBe(1);
  });

  test('is not due by the time that it was paused', async () => {
    const { service } = await aJobThatIs('Paused');
    service.clock.advance(30 * DAY);
    const whilePaused = await service.sweep();
    const paused = await service.job('j');
    await service.act('j', 'resume');
    const resumed = await service.job('j');
    const afterResume = await service.sweep();

    expect([whilePaused.expired, afterResume.expired]).toEqual([0, 0]);
    expect(paused.expiresAt).toBeUndefined();
    expect(resumed.expiresAt).toBe(service.clock.now() + 7 * DAY);
  });

  test.each(['none', 'createTime+P30D'])('has its own policy %s instead', async (expiryTime) => {
    const { service, job } = await aJobThatIs('Active', { expiryTime });

    service.clock.advance(8 * DAY);
    const swept = await service.sweep();

    expect(swept.expired).toBe(0);
    expect(job.expiresAt).toBe(expiryTime === 'none' ? undefined : job.createTime + 30 * DAY);
  });
});

test('a job that ends in time is kept for its retention', async () => {
  const service = anExpiringService();
  await service.create('j');
  await service.drain();
  const { endTime, expiresAt } = await service.job('j');

  expect(expiresAt).toBe(endTime + 30 * DAY);
});

test.each([
  ['PT12H', DAY / 2],
  ['none', undefined],
])('the stack may say %s', async (idleLimit, millis) => {
  const service = anExpiringService({ idleLimit });
  await service.create('j', { items: 40 });
  await service.step();
  const { startTime, expiresAt } = await service.job('j');

  service.clock.advance(8 * DAY);

  expect(expiresAt).toBe(millis && startTime + millis);
  expect((await service.sweep()).expired).toBe(millis === undefined ? 0 : 1);
});
