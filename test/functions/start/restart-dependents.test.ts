import { describe, expect, test } from 'vitest';
import { aService, type Service } from './a-service.ts';

/** Items below zero fail, so this job fails with one item that a retry can run again with a patch. */
const FAILING = { from: -1, to: 1, onItemFailure: 'failAtEnd' };
const waitingFor = (...jobs: string[]) => ({ prerequisiteJobIds: jobs });

/** X fails, B waits for X, C for B. */
async function aFailedChain(): Promise<Service> {
  const service = aService();
  await service.create('x', { hold: true }, FAILING);
  await service.create('b', waitingFor('x'));
  await service.create('c', waitingFor('b'));
  await service.post('x', 'resume');
  await service.drain();
  return service;
}

/** Replaces the payload of the failed item. */
const mend = { patch: { n: 1 } };

async function statuses(service: Service, ...jobs: string[]): Promise<string[]> {
  return Promise.all(jobs.map((job) => service.status(job)));
}

async function failureOf(service: Service, job: string): Promise<string | undefined> {
  const { body } = await service.api.call('GET', `/partitions/p1/jobs/${job}/failures`);
  return body[0]?.failureMessage;
}

describe('a job that failed because of a prerequisite', () => {
  test('names the retry that starts it again, and that retry starts the whole chain', async () => {
    const service = await aFailedChain();
    expect(await statuses(service, 'x', 'b', 'c')).toEqual(['Failed', 'Failed', 'Failed']);
    expect(await failureOf(service, 'c')).toBe(
      "prerequisite 'b' ended as Failed, because job 'x' ended as Failed. Retry 'x' with restartDependents: this job then starts again.",
    );

    const { status, body } = await service.api.call('POST', '/partitions/p1/jobs/x/retry', {
      body: { ...mend, restartDependents: true },
    });
    await service.drain();

    expect([status, body]).toEqual([202, { itemsRetried: 1, failedDependents: ['b', 'c'] }]);
    expect(await statuses(service, 'x', 'b', 'c')).toEqual(['Completed', 'Completed', 'Completed']);
    expect(await service.verbs('c')).toEqual(['create', 'fail', 'restart', 'dispatch', 'complete']);
    expect(await failureOf(service, 'c')).toBeUndefined();
  });

  test('is offered by a retry without the option, and a retry of each then starts it', async () => {
    const service = await aFailedChain();
    const { body } = await service.retry('x', mend);
    await service.drain();
    expect(body).toEqual({ itemsRetried: 1, failedDependents: ['b', 'c'] });
    expect(await statuses(service, 'x', 'b', 'c')).toEqual(['Completed', 'Failed', 'Failed']);

    const retried = await service.retry('b', { restartDependents: true });
    await service.drain();

    expect([retried.status, retried.body]).toEqual([202, { itemsRetried: 0, failedDependents: ['c'] }]);
    expect(await statuses(service, 'b', 'c')).toEqual(['Completed', 'Completed']);
  });

  test('lets a new job after it start, by the step that the refusal names', async () => {
    const service = await aFailedChain();
    const early = await service.create('d', waitingFor('b'));
    expect(early.body.errors[0].detail).toBe(
      "prerequisite 'b' is already Failed, because job 'x' ended as Failed; retry 'x' with restartDependents, which starts 'b' again. Or leave it out, or set onPrerequisiteFailure to ignore or wait",
    );
    await service.retry('x', mend);
    await service.drain();

    const late = await service.create('d', waitingFor('b'));
    expect(late.body.errors[0].detail).toMatch(/; retry 'b', which then starts again\. Or/);
    await service.retry('b');
    const created = await service.create('d', waitingFor('b'));
    await service.drain();

    expect(created.status).toBe(201);
    expect(await statuses(service, 'b', 'd')).toEqual(['Completed', 'Completed']);
  });

  test('fails again with the new reason if the retry fails too', async () => {
    const service = await aFailedChain();

    await service.retry('x', { restartDependents: true });
    await service.drain();

    expect(await statuses(service, 'x', 'b', 'c')).toEqual(['Failed', 'Failed', 'Failed']);
    expect(await service.verbs('b')).toEqual(['create', 'fail', 'restart', 'fail']);
  });

  test('cannot be retried before its prerequisite, nor with a filter', async () => {
    const service = await aFailedChain();

    const early = await service.retry('b');
    const filtered = await service.retry('b', { filter: { itemIds: ['1'] } });

    expect([early.status, early.body.detail]).toEqual([
      409,
      expect.stringMatching(
        /cannot start: prerequisite 'x' ended as Failed\. Retry 'x' with restartDependents/,
      ),
    ]);
    expect([filtered.status, filtered.body.detail]).toEqual([
      409,
      expect.stringMatching(/without filter and patch/),
    ]);
  });

  test('whose prerequisite cannot be retried starts after that was created again', async () => {
    const service = aService();
    await service.create('x', { hold: true });
    await service.create('b', waitingFor('x'));
    await service.post('x', 'cancel');
    await service.drain();
    expect(await failureOf(service, 'b')).toMatch(
      /Delete 'x' and create it again under this id, then retry this job when it is Completed/,
    );

    await service.remove('x');
    await service.create('x');
    await service.drain();
    const retried = await service.retry('b');
    await service.drain();

    expect(retried.status).toBe(202);
    expect(await statuses(service, 'x', 'b')).toEqual(['Completed', 'Completed']);
  });

  test('that waits for two failed jobs waits for the second after the first', async () => {
    const service = aService();
    for (const job of ['x', 'y']) await service.create(job, { hold: true }, FAILING);
    await service.create('b', waitingFor('x', 'y'));
    for (const job of ['x', 'y']) await service.post(job, 'resume');
    await service.drain();

    await service.retry('x', { ...mend, restartDependents: true });
    await service.drain();
    expect(await failureOf(service, 'b')).toMatch(/^prerequisite 'y' ended as Failed\. Retry 'y'/);
    await service.retry('y', { ...mend, restartDependents: true });
    await service.drain();

    expect(await statuses(service, 'b')).toEqual(['Completed']);
  });

  test('starts once, although each change of the retried job triggers the function again', async () => {
    const service = await aFailedChain();

    await service.retry('x', { ...mend, restartDependents: true });
    await service.edit('x', { name: 'renamed' });
    await service.post('x', 'pause');
    await service.drain();
    await service.post('x', 'resume');
    await service.drain();

    expect((await service.verbs('b')).filter((verb) => verb === 'restart')).toHaveLength(1);
    expect(await statuses(service, 'c')).toEqual(['Completed']);
  });
});
