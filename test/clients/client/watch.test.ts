import { type Job, NotFoundError, WaitTimeoutError } from 'jobtree/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aService, type Interference } from './a-service.ts';
import { errorInVirtualTime, inVirtualTime, settled, useVirtualTime } from './virtual-time.ts';

const REQUEST = {
  batch: { splitter: 'range', definition: { from: 0, to: 3 }, worker: 'rehearse' },
};

beforeEach(useVirtualTime);
afterEach(() => {
  vi.useRealTimers();
});

/** A job, and the times at which it is read. */
async function aJob(interfere?: Interference) {
  const at: number[] = [];
  const service = aService({
    interfere: (request, count) => {
      if (request.method === 'GET') at.push(Date.now());
      return interfere?.(request, count);
    },
  });
  const job = await inVirtualTime(service.client().createJob(REQUEST, { id: 'j' }));
  const gaps = () => at.slice(1).map((time, before) => time - (at[before] ?? 0));
  return { service, job, at, gaps };
}

const after = (millis: number, act: () => unknown) => setTimeout(() => void act(), millis);

test('watch polls with the ETag, ever more slowly while nothing changes', async () => {
  const { service, job, gaps } = await aJob();
  const statuses: string[] = [];
  after(60_000, () => service.drain());

  const watched = async () => {
    for await (const { status } of job.watch()) statuses.push(status);
  };
  await inVirtualTime(watched());

  const reads = service.sent.filter(({ method }) => method === 'GET');
  expect(statuses).toEqual(['Waiting', 'Completed']);
  expect(gaps()[0]).toBeLessThan(700);
  expect(Math.max(...gaps())).toBeGreaterThan(4_500);
  expect(Math.max(...gaps())).toBeLessThan(5_500);
  expect(reads.length).toBeLessThan(20);
  expect(reads[0]?.headers.get('if-none-match')).toBeNull();
  expect(reads.slice(1).every(({ headers }) => headers.get('if-none-match') !== null)).toBe(true);
});

test('watch polls quickly again after a change', async () => {
  const { service, job, gaps, at } = await aJob();
  after(30_000, () => job.edit({ name: 'changed' }));
  after(45_000, () => service.drain());

  const views: { readonly view: Job; readonly reads: number }[] = [];
  const watched = async () => {
    for await (const view of job.watch()) views.push({ view, reads: at.length });
  };
  await inVirtualTime(watched());

  const changedAt = views.find(({ view }) => view.name === 'changed')?.reads ?? 0;
  expect(gaps()[changedAt - 2]).toBeGreaterThan(4_500);
  expect(gaps()[changedAt - 1]).toBeLessThan(700);
});

test('watch survives a service that does not respond for seconds', async () => {
  const { service, job } = await aJob((_, count) =>
    count > 2 && count < 6 ? new Response(null, { status: 503 }) : undefined,
  );
  after(10_000, () => service.drain());

  expect(await inVirtualTime(job.done())).toMatchObject({ status: 'Completed' });
});

test('watch ends when its signal is aborted, with the reason', async () => {
  const { job, at } = await aJob();
  const controller = new AbortController();
  after(3_000, () => controller.abort(new Error('enough')));

  const watched = async () => {
    for await (const _ of job.watch({ signal: controller.signal }));
  };
  expect(await errorInVirtualTime(watched())).toMatchObject({ message: 'enough' });

  const reads = at.length;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(at).toHaveLength(reads);
});

test('watch ends without another request when the caller leaves its loop', async () => {
  const { job, at } = await aJob();

  const watched = async () => {
    for await (const _ of job.watch()) break;
  };
  await inVirtualTime(watched());
  await vi.advanceTimersByTimeAsync(20_000);

  expect(at).toHaveLength(1);
});

test('done returns the final job, also if it failed or was cancelled', async () => {
  const { job } = await aJob();
  after(2_000, () => job.cancel());

  expect(await inVirtualTime(job.done())).toMatchObject({ id: 'j', status: 'Cancelled' });
});

test('done throws after its timeout, and the job continues', async () => {
  vi.useRealTimers();
  const service = aService();
  const job = await service.client().createJob(REQUEST, { id: 'j' });

  const error = await job.done({ timeout: 50, minInterval: 5 }).catch((caught: unknown) => caught);
  await service.drain();

  expect(error).toBeInstanceOf(WaitTimeoutError);
  expect(error).toMatchObject({ code: 'wait-timeout', message: expect.stringContaining('50 ms') });
  expect(await job.done({ timeout: 1_000 })).toMatchObject({ status: 'Completed' });
});

test('watch throws when the job is deleted', async () => {
  const { job } = await aJob();
  after(2_000, () => job.delete());

  const result = await settled(job.done());

  expect(result).toMatchObject({ status: 'rejected', reason: expect.any(NotFoundError) });
});

test('getChanged returns nothing while the ETag is current', async () => {
  const { job } = await aJob();

  const first = await inVirtualTime(job.getChanged());
  const same = await inVirtualTime(job.getChanged(first?.etag));
  await inVirtualTime(job.edit({ name: 'new' }));
  const changed = await inVirtualTime(job.getChanged(first?.etag));

  expect(same).toBeUndefined();
  expect(changed?.value.name).toBe('new');
});
