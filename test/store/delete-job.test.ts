import { describe, expect, test } from 'vitest';
import { deleteJob } from '../../functions/store/delete-job.ts';
import { listJobs } from '../../functions/store/job-list.ts';
import { moveJob, readJob, readStatus } from '../../functions/store/jobs.ts';
import { jobKey, removalKey } from '../../functions/store/keys.ts';
import { ttlSeconds } from '../../functions/store/retention.ts';
import { anActiveJob, JOB, RUN } from '../support/jobs.ts';
import { MemoryTable } from '../support/memory/table.ts';
import { interrupted } from './interrupted.ts';

const NOW = 1_767_225_700_000;

describe('deleting a job', () => {
  test('leaves a tombstone with the run number, and a row that triggers the removal', async () => {
    const table = new MemoryTable();
    await anActiveJob(table);

    const outcome = await deleteJob(table, JOB, { now: NOW });

    const ttl = ttlSeconds(NOW);
    const was = { statusBefore: 'Active', deleteTime: NOW };
    const tombstone = { ...jobKey(JOB), status: 'Deleted', runNumber: 1, ...was, ttl };
    expect(outcome).toBe('deleted');
    expect((await table.get(jobKey(JOB))).row).toEqual(tombstone);
    expect((await table.get(removalKey(RUN))).row).toMatchObject({ followUp: 'remove', runNumber: 1, ttl });
  });

  test('hides it everywhere immediately', async () => {
    const table = new MemoryTable();
    await anActiveJob(table);
    await anActiveJob(table, { job: 'other' });

    await deleteJob(table, JOB, { now: NOW });

    expect(await readJob(table, JOB)).toBeUndefined();
    expect(await readStatus(table, JOB, { strong: true })).toBeUndefined();
    expect((await listJobs(table, 'p', { limit: 10 })).jobs.map(({ job }) => job)).toEqual(['other']);
    expect(await deleteJob(table, JOB, { now: NOW })).toBe('missing');
  });

  test('checks the version that is deleted', async () => {
    const table = new MemoryTable();
    await anActiveJob(table);
    const seen: number[] = [];
    const race = interrupted(table, () => moveJob(table, JOB, 'cancel', { now: NOW }));

    await deleteJob(race, JOB, { now: NOW, check: ({ version }) => seen.push(version) });

    expect(seen).toEqual([2, 3]);
  });

  test('changes nothing if the caller refuses', async () => {
    const table = new MemoryTable();
    await anActiveJob(table);
    const refuse = () => {
      throw new Error('another version');
    };

    await expect(deleteJob(table, JOB, { now: NOW, check: refuse })).rejects.toThrow('another version');

    expect(await readJob(table, JOB)).toMatchObject({ status: 'Active' });
  });
});
