import { describe, expect, test } from 'vitest';
import { aJobThatIs, DAY, HOUR } from '../an-expiring-service.ts';

describe('PATCH of the expiry', () => {
  const late = { expiryTime: 'createTime+P1D' };

  test('merges policies one by one; null removes one or all', async () => {
    const { service, job } = await aJobThatIs('Paused', late);
    const inDays = (days: number) => job.createTime + days * DAY;

    const added = await service.patch('j', { expiry: { active: { expiryTime: 'createTime+P3D' } } });
    const changed = await service.patch('j', { expiry: { paused: { expiryTime: 'createTime+P2D' } } });
    const without = await service.patch('j', { expiry: { paused: null } });
    await service.patch('j', { expiry: { paused: late } });
    const none = await service.patch('j', { expiry: null });
    const again = await service.patch('j', { expiry: null });
    await service.pass(10 * DAY);

    expect([added.body.expiresAt, changed.body.expiresAt]).toEqual([inDays(1), inDays(2)]);
    expect([without.body.expiresAt, none.body.expiresAt]).toEqual([undefined, undefined]);
    expect(again.body.version).toBe(none.body.version);
    expect(await service.status('j')).toBe('Paused');
  });

  test('for a live status is refused once the job is final; that of a final one is not', async () => {
    const { service } = await aJobThatIs('Completed');

    const live = await service.patch('j', { name: 'n', expiry: { active: late, completed: late } });
    const final = await service.patch('j', { expiry: { completed: { expiryTime: 'lastUpdateTime+PT1H' } } });
    await service.pass(HOUR);

    expect([live.status, live.body.code]).toEqual([409, 'invalid-transition']);
    expect(live.body.detail).toMatch(/'active' can be changed only before/);
    expect([final.status, final.body.version]).toEqual([
      200,
      (await aJobThatIs('Completed')).job.version + 1,
    ]);
    expect(await service.status('j')).toBe('Deleted');
  });

  test.each([
    [{ active: { expiryTime: 'createTime+P1W' } }, '/expiry/active/expiryTime', /no weeks/],
    [{ active: { expiryTime: 'soon' } }, '/expiry/active/expiryTime', /'soon' is not a valid expiry time/],
    [{ active: { expiryTime: 'none', operation: 'Archive' } }, '/expiry/active/operation', /Expire/],
    [{ completed: { expiryTime: 'none', operation: 'Expire' } }, '/expiry/completed/operation', /Delete/],
    [{ active: {} }, '/expiry/active/expiryTime', /is missing/],
    [{ running: { expiryTime: 'none' } }, '/expiry/running', /is not known here/],
    [{ Active: { expiryTime: 'none' } }, '/expiry/Active', /is not known here/],
    ['P1D', '/expiry', /object/],
  ])('and creation refuse %j', async (expiry, pointer, detail) => {
    const { service } = await aJobThatIs('Paused');
    const batch = { splitter: 'range', definition: { from: 0, to: 1 }, worker: 'work' };

    const patched = await service.patch('j', { expiry });
    const created = await service.call('PUT', '/partitions/p1/jobs/other', { body: { batch, expiry } });

    for (const { status, body } of [patched, created]) {
      expect([status, body.errors[0].pointer]).toEqual([400, pointer]);
      expect(body.errors[0].detail).toMatch(detail);
    }
  });
});
