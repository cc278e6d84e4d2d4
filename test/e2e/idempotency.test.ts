import { expect, test } from 'vitest';
import { omitUndefined } from '#core/omit-undefined.ts';
import { type Answer, call, callPatiently, finished, freshPartition, jobPath } from './rest.ts';

const BODY = {
  batch: { splitter: 'range', definition: { from: 0, to: 1 }, worker: 'rehearse' },
  // Too large for a row, so the captured request is stored in the bucket.
  externalData: 'x'.repeat(9_000),
};
const REQUESTS = 30;

function allAtOnce(path: string, key: string, body?: unknown): Promise<Answer[]> {
  const headers = { 'Idempotency-Key': key };
  const send = () => callPatiently('POST', path, { headers, ...omitUndefined({ body }) });
  return Promise.all(Array.from({ length: REQUESTS }, send));
}

function idsOf(answers: readonly Answer[]): string[] {
  return [...new Set(answers.map(({ status, body }) => `${status} ${body.id ?? body.detail}`))];
}

test('concurrent POSTs and resubmits with one Idempotency-Key create one job each, and all get it', async () => {
  const partition = freshPartition();

  const created = await allAtOnce(`/partitions/${partition}/jobs`, 'create', BODY);
  const [first] = created;
  await finished(jobPath(partition, first?.body.id));
  const resubmitted = await allAtOnce(`${jobPath(partition, first?.body.id)}/resubmit`, 'again');

  expect(idsOf(created)).toEqual([`201 ${first?.body.id}`]);
  expect(idsOf(resubmitted)).toEqual([`201 ${resubmitted[0]?.body.id}`]);
  expect(resubmitted[0]?.body.id).not.toBe(first?.body.id);
  const { body: jobs } = await call('GET', `/partitions/${partition}/jobs`);
  expect(jobs).toHaveLength(2);
});
