import { ConflictError, isFinal, type List, NotFoundError } from 'jobtree/client';
import { expect, test } from 'vitest';
import { aService } from './a-service.ts';

const batch = (size: number, parameters: Record<string, unknown> = {}) => ({
  batch: { splitter: 'range', definition: { from: 0, to: size }, worker: 'rehearse', parameters },
});

test('a job is created, watched to its end, and read', async () => {
  const service = aService();
  const job = await service
    .client()
    .createJob(batch(10, { failItems: ['3'] }), { id: 'a/b?c' })
    .catch(String);
  const created = await service.client().createJob(batch(10, { failItems: ['3'] }), { id: 'ä b%' });
  const seen: string[] = [];

  for await (const view of created.watch({ minInterval: 1 })) {
    seen.push(view.status);
    if (!isFinal(view.status)) await service.drain();
  }

  expect(job).toMatch(/InvalidRequestError/);
  expect(seen.at(-1)).toBe('Completed');
  expect(new Set(seen).size).toBe(seen.length);
  expect(await created.get()).toMatchObject({ id: 'ä b%', items: { found: 10, succeeded: 9, failed: 1 } });
  expect(await created.failures().toArray()).toMatchObject([{ code: 'rehearsed' }]);
  expect(await created.failureGroups().toArray()).toMatchObject([{ count: 1, code: 'rehearsed' }]);
  expect(await created.items({ outcome: 'succeeded' }).toArray()).toHaveLength(9);
  expect(await created.items({ limit: 3 }).toArray()).toHaveLength(3);
  expect(await created.item('3')).toMatchObject({ outcome: 'failed', failure: { code: 'rehearsed' } });
  expect(await created.item('4')).toMatchObject({ outcome: 'succeeded' });
  expect(await created.request()).toMatchObject({ batch: { worker: 'rehearse' } });
  expect(await created.cost()).toMatchObject({ dollars: expect.any(Number) });
  expect((await created.history().toArray()).map(({ verb }) => verb)).toContain('complete');
  expect(await created.tasks().toArray()).toMatchObject([{ state: 'complete' }]);
  expect(await created.status()).toBe('Completed');
});

test('failed items are retried, and the job completes', async () => {
  const service = aService();
  const job = await service
    .client()
    .createJob(batch(4, { failItems: ['1'], failure: 'permanent', failTimes: 1 }), { id: 'j' });
  await service.drain();

  const { itemsRetried } = await job.retry({ filter: { itemIds: ['1'] } });
  await service.drain();

  expect(itemsRetried).toBe(1);
  expect(await job.done({ minInterval: 1 })).toMatchObject({ status: 'Completed', run: 2 });
});

test('actions change the status, and a refused one is a typed error with the code of the problem', async () => {
  const service = aService();
  const jobtree = service.client();
  const job = await jobtree.createJob(batch(4));

  await job.pause();
  await job.resume();
  await job.cancel();
  await job.cancel();
  const refused = await job.resume().catch((error: unknown) => error);
  const edited = await job.edit({ labels: { owner: 'bob' } });
  const outdated = await job.edit({ name: 'x' }, { ifVersion: 1 }).catch((error: unknown) => error);
  const again = await job.resubmit();
  await job.delete();

  expect(refused).toBeInstanceOf(ConflictError);
  expect(refused).toMatchObject({ status: 409, code: 'invalid-transition', requestId: 'request-1' });
  expect(edited.labels).toEqual({ owner: 'bob' });
  expect(outdated).toMatchObject({ status: 412, code: 'precondition-failed' });
  expect(again.id).not.toBe(job.id);
  expect(await job.get().catch((error: unknown) => error)).toBeInstanceOf(NotFoundError);
});

test('a list requests its next page when it is needed', async () => {
  const service = aService();
  const jobtree = service.client();
  for (const id of ['a', 'b', 'c', 'd', 'e'])
    await jobtree.createJob({ ...batch(1), labels: { owner: id < 'c' ? 'bob "x"' : 'eve' } }, { id });
  service.sent.length = 0;

  const ids = async (list: List<{ id: string }>) => (await list.toArray()).map(({ id }) => id);
  const all = await ids(jobtree.jobs({ sort: 'jobId:asc', pageSize: 2 }));
  const requests = service.sent.length;
  const few = await ids(jobtree.jobs({ sort: 'jobId:asc', pageSize: 2, limit: 2 }));
  const labelled = await ids(jobtree.jobs({ labels: { owner: 'bob "x"' }, sort: 'jobId:asc' }));
  const page = await jobtree.jobs({ sort: 'jobId:asc', pageSize: 4 }).page();
  const rest = await jobtree.jobs({ sort: 'jobId:asc', pageSize: 4 }).page(page.next);

  expect(all).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(requests).toBe(3);
  expect(few).toEqual(['a', 'b']);
  expect(labelled).toEqual(['a', 'b']);
  expect([page.entries.length, rest.entries.length, rest.next]).toEqual([4, 1, undefined]);
  expect(await jobtree.countJobs({ status: ['Waiting', 'Active'] })).toBe(5);
  expect(await jobtree.jobStats()).toMatchObject({ total: 5 });
});
