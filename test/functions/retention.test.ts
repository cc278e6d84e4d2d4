import { describe, expect, test } from 'vitest';
import { FINAL_STATUSES } from '#core/job-status.ts';
import {
  aJobThatIs,
  anExpiringService,
  DAY,
  HOUR,
  NOTHING,
  pausedAtRest,
  whatIsLeft,
} from './an-expiring-service.ts';

describe('a job that has ended', () => {
  test.each(FINAL_STATUSES)(
    'as %s is deleted with all it left 30 days after its last change',
    async (status) => {
      const { service, job } = await aJobThatIs(status);
      service.clock.advanceTo(job.lastUpdateTime + 30 * DAY - 1);
      await service.pass(0);
      const before = await service.status('j');

      await service.pass(1);

      expect(before).toBe(status);
      expect(await whatIsLeft(service)).toEqual(NOTHING);
    },
  );

  test('is kept for the retention that its partition had at its creation', async () => {
    const service = anExpiringService();
    await service.create('before', { items: 1 });
    await service.settings({ retention: 'PT2H' });
    await service.create('after', { items: 1 });
    await service.create('own', { items: 1, expiry: { completed: { expiryTime: 'lastUpdateTime+PT3H' } } });
    await service.drain();

    const seen = [];
    for (const wait of [2 * HOUR, HOUR, 30 * DAY]) {
      await service.pass(wait);
      seen.push([await service.status('after'), await service.status('own'), await service.status('before')]);
    }

    expect(seen).toEqual([
      ['Deleted', 'Completed', 'Completed'],
      ['Deleted', 'Deleted', 'Completed'],
      ['Deleted', 'Deleted', 'Deleted'],
    ]);
  });

  test('uses the policies of its partition if it has none of its own', async () => {
    const service = anExpiringService();
    const policy = (expiryTime: string) => ({ completed: { expiryTime } });
    await service.settings({ defaults: { expiry: policy('lastUpdateTime+PT1H') } });
    await service.create('silent', { items: 1 });
    await service.create('own', { items: 1, expiry: policy('none') });
    await service.drain();

    await service.pass(HOUR);

    expect([await service.status('silent'), await service.status('own')]).toEqual(['Deleted', 'Completed']);
  });

  test('is retried in time to stay', async () => {
    const { service } = await aJobThatIs('Completed', { expiryTime: 'lastUpdateTime+P1D' });
    service.clock.advance(DAY);

    await service.act('j', 'retry', {});
    const swept = await service.sweep();
    await service.drain();

    expect(swept.expired).toBe(0);
    expect(await service.job('j')).toMatchObject({ status: 'Completed', run: 2 });
  });
});

test('jobs that were retried, paused, held and waited for leave only tombstones; other data stays', async () => {
  const service = anExpiringService();
  await service.objects.put('uploads/p1/mine.txt', 'x');
  await service.create('first', { items: 1 });
  await service.create('j', {
    hold: true,
    prerequisiteJobIds: ['first'],
    description: 'x'.repeat(9_000),
    items: 40,
  });
  await service.create('dependent', { prerequisiteJobIds: ['j'] });
  await service.drain();
  await service.act('j', 'resume');
  await pausedAtRest(service);
  const areas = new Set(service.objects.keys().map((key) => key.split('/')[0]));
  await service.act('j', 'resume');
  await service.drain();
  await service.act('j', 'retry', {});
  await service.drain();
  const before = await service.job('j');

  await service.pass(31 * DAY);

  expect(areas).toEqual(new Set(['held', 'outcomes', 'outputs', 'requests', 'uploads']));
  expect(before).toMatchObject({ status: 'Completed', run: 2, items: { found: 40, failed: 1 } });
  const rows = [...service.table.rows()].map(({ pk, sk, ...row }) => [
    pk,
    sk,
    row['status'] ?? row['activeJobs'],
  ]);
  expect(rows.sort()).toEqual([
    ['P#p1#J#dependent', 'JOB', 'Deleted'],
    ['P#p1#J#first', 'JOB', 'Deleted'],
    ['P#p1#J#j', 'JOB', 'Deleted'],
    ['P#p1', 'PARTITION', 0],
  ]);
  expect(service.objects.keys()).toEqual(['uploads/p1/mine.txt']);
});
