import { expect, test } from 'vitest';
import { omitUndefined } from '#core/omit-undefined.ts';
import { insertJob } from '../../functions/store/insert-job.ts';
import { listJobs } from '../../functions/store/job-list.ts';
import { aDraft } from '../support/jobs.ts';
import { MemoryTable } from '../support/memory/table.ts';

test('jobs are listed newest first, one page at a time', async () => {
  const table = new MemoryTable();
  for (const [i, job] of ['a', 'b', 'c'].entries())
    await insertJob(table, aDraft({ job, createTime: i }), { body: '{}' });
  await insertJob(table, aDraft({ partition: 'q', job: 'd' }), { body: '{}' });

  const first = await listJobs(table, 'p', { limit: 2 });
  const second = await listJobs(table, 'p', { limit: 2, ...omitUndefined({ after: first.next }) });

  expect([...first.jobs, ...second.jobs].map(({ job }) => job)).toEqual(['c', 'b', 'a']);
  expect(second.next).toBeUndefined();
});
