import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Job } from '#core/job.ts';
import { STRAGGLER_MILLIS } from '#core/stragglers.ts';
import { deleteJob } from '../../functions/store/delete-job.ts';
import { insertJob } from '../../functions/store/insert-job.ts';
import { clearFollowUp, endJob, moveJob, readJob } from '../../functions/store/jobs.ts';
import { jobKey, requestKey } from '../../functions/store/keys.ts';
import { aDraft, anActiveJob, JOB, RUN } from '../support/jobs.ts';
import { MemoryTable } from '../support/memory/table.ts';
import { interrupted } from './interrupted.ts';

const NOW = 1_767_225_700_000;
const BODY = { body: '{"batch":{}}' };
const TOTALS = { items: 20, failed: 1, skipped: 0 };

describe('creating a job', () => {
  test('writes the job and its request together, with the follow-up dispatch', async () => {
    const table = new MemoryTable();

    const created = await insertJob(table, aDraft(), BODY);

    expect(created.kind).toBe('created');
    expect(await readJob(table, JOB)).toEqual(created.job);
    expect(created.job).toMatchObject({ status: 'Waiting', runNumber: 1, version: 1, followUp: 'dispatch' });
    expect((await table.get(requestKey(RUN))).row).toMatchObject(BODY);
  });

  test('concurrently with the same request creates one job, and the other calls return it', async () => {
    const table = new MemoryTable();

    const answers = await Promise.all(Array.from({ length: 20 }, () => insertJob(table, aDraft(), BODY)));

    const kinds = answers.map(({ kind }) => kind).toSorted();
    expect(kinds).toEqual(['created', ...Array(19).fill('same')]);
    expect(await readJob(table, JOB)).toMatchObject({ version: 1, runNumber: 1 });
  });

  test('concurrently with different requests creates one job, and the other calls return that it exists', async () => {
    const table = new MemoryTable();
    const hashes = Array.from({ length: 10 }, (_, i) => `hash ${i}`);

    const answers = await Promise.all(
      hashes.map((requestHash) => insertJob(table, aDraft({ requestHash }), BODY)),
    );

    const created = answers.filter(({ kind }) => kind === 'created');
    expect(created).toHaveLength(1);
    for (const { job } of answers) expect(job.requestHash).toBe(created[0]?.job.requestHash);
    expect(answers.filter(({ kind }) => kind === 'exists')).toHaveLength(9);
  });

  test('with a deleted id uses the next run number each time', async () => {
    const table = new MemoryTable();
    const runNumbers: number[] = [];

    for (let round = 0; round < 3; round += 1) {
      runNumbers.push((await insertJob(table, aDraft(), BODY)).job.runNumber);
      await deleteJob(table, JOB, { now: NOW });
    }

    expect(runNumbers).toEqual([1, 2, 3]);
  });

  test('while others delete and create it returns the newest job', async () => {
    const table = new MemoryTable();
    await anActiveJob(table);
    await deleteJob(table, JOB, { now: NOW });
    const race = interrupted(table, () => insertJob(table, aDraft({ requestHash: 'theirs' }), BODY));

    const answer = await insertJob(race, aDraft({ requestHash: 'ours' }), BODY);

    expect(answer).toMatchObject({ kind: 'exists', job: { runNumber: 2, requestHash: 'theirs' } });
  });
});

describe('moving a job', () => {
  test('changes its status, version and time, and keeps its follow-up', async () => {
    const table = new MemoryTable();
    const { job } = await insertJob(table, aDraft(), BODY);

    const moved = await moveJob(table, JOB, 'dispatch', { now: NOW });

    const expected = {
      ...job,
      status: 'Active',
      version: 2,
      lastUpdateTime: NOW,
      startTime: NOW,
      activeSince: NOW,
    };
    expect(moved).toEqual({ kind: 'moved', job: expected });
    expect(await readJob(table, JOB)).toEqual(expected);
  });

  test('to its end requests the cleanup, and a second one if it was working', async () => {
    const table = new MemoryTable();
    await anActiveJob(table);

    await moveJob(table, JOB, 'cancel', { now: NOW });

    expect((await table.get(jobKey(JOB))).row).toMatchObject({
      status: 'Cancelled',
      followUp: 'finish',
      endTime: NOW,
      duePk: expect.stringMatching(/^DUE#\d$/),
      dueSk: `${String(NOW + STRAGGLER_MILLIS).padStart(16, '0')}#${jobKey(JOB).pk}`,
      clearDue: NOW + STRAGGLER_MILLIS,
    });
  });

  test('whose items are all recorded needs no second cleanup', async () => {
    const table = new MemoryTable();
    await anActiveJob(table);

    await endJob(table, RUN, { status: 'Failed', totals: TOTALS, now: NOW });

    const { row } = await table.get(jobKey(JOB));
    expect(row).toMatchObject({
      followUp: 'finish',
      dueSk: `${String(NOW + 30 * 86_400_000).padStart(16, '0')}#${jobKey(JOB).pk}`,
    });
    expect(row).not.toHaveProperty('clearDue');
  });

  test('decides again if another call was faster', async () => {
    const table = new MemoryTable();
    await anActiveJob(table);
    const race = interrupted(table, () =>
      endJob(table, RUN, { status: 'Completed', totals: TOTALS, now: NOW }),
    );

    const answer = await moveJob(race, JOB, 'cancel', { now: NOW });

    expect(answer).toMatchObject({ kind: 'refused', job: { status: 'Completed' } });
    expect(await readJob(table, JOB)).toMatchObject({ status: 'Completed', totals: TOTALS });
  });

  test('without an effect writes nothing', async () => {
    const table = new MemoryTable();
    await anActiveJob(table);
    await moveJob(table, JOB, 'cancel', { now: NOW });
    const before = await readJob(table, JOB);

    const again = await moveJob(table, JOB, 'cancel', { now: NOW + 1 });

    expect(again.kind).toBe('noop');
    expect(await readJob(table, JOB)).toEqual(before);
  });

  test('of another run or a missing job returns missing', async () => {
    const table = new MemoryTable();
    await anActiveJob(table);

    const other = await moveJob(table, JOB, 'fail', { now: NOW, runNumber: 2 });
    const none = await moveJob(table, { partition: 'p', job: 'none' }, 'fail', { now: NOW });

    expect([other, none]).toEqual([{ kind: 'missing' }, { kind: 'missing' }]);
    expect(await readJob(table, JOB)).toMatchObject({ status: 'Active' });
  });

  test('by concurrent calls happens once, for any moves', async () => {
    const moves = fc.array(fc.constantFrom('cancel', 'fail', 'expire', 'pause', 'block'), { minLength: 2 });
    await fc.assert(
      fc.asyncProperty(moves, async (all) => {
        const table = new MemoryTable();
        await anActiveJob(table);

        const answers = await Promise.all(all.map((move) => moveJob(table, JOB, move, { now: NOW })));

        const job = await readJob(table, JOB);
        const moved = answers.filter(({ kind }) => kind === 'moved');
        expect(job?.version).toBe(2 + moved.length);
        expect(
          moved.filter((answer) => 'job' in answer && answer.job.endTime !== undefined).length,
        ).toBeLessThan(2);
      }),
    );
  });
});

describe('the end of a job', () => {
  test('is one write, done by only the first of many calls', async () => {
    const table = new MemoryTable();
    await anActiveJob(table);

    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, i) =>
        endJob(table, RUN, { status: 'Completed', totals: TOTALS, now: NOW + i }),
      ),
    );

    expect(answers).toEqual(['ended', 'stale', 'stale', 'stale', 'stale']);
    expect(await readJob(table, JOB)).toMatchObject({ endTime: NOW, version: 3, followUp: 'finish' });
  });

  test('does not apply to another run or a final job', async () => {
    const table = new MemoryTable();
    await anActiveJob(table);
    const end = { status: 'Completed', totals: TOTALS, now: NOW } as const;

    expect(await endJob(table, { ...RUN, runNumber: 2 }, end)).toBe('stale');
    await moveJob(table, JOB, 'cancel', { now: NOW });
    expect(await endJob(table, RUN, end)).toBe('stale');
    await deleteJob(table, JOB, { now: NOW });
    expect(await endJob(table, RUN, end)).toBe('stale');
  });
});

describe('a follow-up', () => {
  test('is cleared once it is done, but a different one is not', async () => {
    const table = new MemoryTable();
    await insertJob(table, aDraft(), BODY);
    await moveJob(table, JOB, 'cancel', { now: NOW });

    const job = (await readJob(table, JOB)) as Job;

    await clearFollowUp(table, job, 'dispatch');
    const kept = await readJob(table, JOB);
    await clearFollowUp(table, { ...job, runNumber: 2 }, 'finish');
    const keptToo = await readJob(table, JOB);
    await clearFollowUp(table, { ...job, version: job.version - 1 }, 'finish');
    const keptStill = await readJob(table, JOB);
    await clearFollowUp(table, job, 'finish');

    expect([kept, keptToo, keptStill].map((read) => read?.followUp)).toEqual(['finish', 'finish', 'finish']);
    expect(await readJob(table, JOB)).not.toHaveProperty('followUp');
  });
});
