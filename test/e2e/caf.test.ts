import { describe, expect, test } from 'vitest';
import { call, freshPartition, until, upload } from './rest.ts';

const TASK = { taskClassifier: 'BatchWorker', taskApiVersion: 1, targetPipe: null };

/** A job with this number of items, as a CAF client submits it. */
function batchOf(items: number, parameters: Readonly<Record<string, string>> = {}) {
  return {
    name: 'numbers',
    labels: { owner: 'bob' },
    prerequisiteJobIds: [],
    delay: 0,
    task: {
      ...TASK,
      taskPipe: 'dataprocessing-batch-in',
      taskData: {
        batchType: 'range',
        batchDefinition: JSON.stringify({ from: 0, to: items }),
        taskMessageType: 'DocumentMessage',
        taskMessageParams: parameters,
        targetPipe: 'worker-rehearse-in',
      },
    },
  };
}

function jobsOf(partition: string): string {
  return `/caf/partitions/${partition}/jobs`;
}

async function ended(path: string) {
  return until(`${path} has ended`, async () => {
    const { body } = await call('GET', path);
    return ['Completed', 'Failed', 'Cancelled'].includes(body.status) && body;
  });
}

describe('a task', () => {
  test('for a worker is one item, which gets the data of the task', async () => {
    const partition = freshPartition();
    const source = await upload(partition, 'Four words of text.');
    const path = `${jobsOf(partition)}/read`;

    const created = await call('PUT', path, {
      body: {
        task: {
          ...TASK,
          taskPipe: 'worker-extract-text-in',
          taskData: Buffer.from(source).toString('base64'),
          taskDataEncoding: 'base64',
        },
      },
    });
    const job = await ended(path);

    expect([created.status, created.body]).toEqual([201, '']);
    expect(job).toMatchObject({ status: 'Completed', percentageComplete: 100 });
    const { body: items } = await call('GET', `${path.slice('/caf'.length)}/items`);
    expect(items).toEqual([expect.objectContaining({ id: '0', outcome: 'succeeded' })]);
    expect(items[0].output).toMatchObject({ words: 4 });
  });

  test('for the pipe batch is split, and fails at its end if an item fails', async () => {
    const path = `${jobsOf(freshPartition())}/numbers`;
    const body = batchOf(100, { failItems: '["7"]' });

    const created = await call('PUT', path, { body });
    const again = await call('PUT', path, { body });
    const job = await ended(path);

    expect([created.status, again.status]).toEqual([201, 204]);
    expect(Object.keys(job).sort()).toEqual([
      'createTime',
      'failures',
      'id',
      'labels',
      'lastUpdateTime',
      'name',
      'percentageComplete',
      'status',
    ]);
    expect(job).toMatchObject({ id: 'numbers', name: 'numbers', status: 'Failed', labels: { owner: 'bob' } });
    expect(job.failures).toEqual([
      {
        failureId: expect.any(String),
        failureTime: expect.any(Number),
        failureSource: expect.stringContaining('7'),
        failureMessage: expect.any(String),
      },
    ]);
  });

  test('that names an unknown worker is refused with its location', async () => {
    const refused = await call('PUT', `${jobsOf(freshPartition())}/j`, {
      body: { task: { ...TASK, taskPipe: 'nobody', taskData: 'x' } },
    });

    expect(refused).toMatchObject({ status: 400, body: { errors: [{ pointer: '/task/taskPipe' }] } });
    expect(refused.body.message).toContain('rehearse');
  });
});

test('all jobs are counted, cancelled and deleted with a number for an answer', async () => {
  const partition = freshPartition();
  const jobs = jobsOf(partition);
  const count = async (query = '') =>
    (await call('GET', `/caf/partitions/${partition}/jobStats/count${query}`)).body;
  const body = { ...batchOf(10), hold: true };
  for (const id of ['a-1', 'a-2', 'b-1']) await call('PUT', `${jobs}/${id}`, { body });
  await until('all are listed', async () => (await count()) === 3);

  const cancelled = await call('POST', `${jobs}:cancel?jobIdStartsWith=a-`);
  await until('the list shows it', async () => (await count('?statusType=Inactive')) === 2);
  const deleted = await call('POST', `${jobs}:delete?filter=status==Cancelled`);
  await until('the list shows that, too', async () => (await count()) === 1);

  expect(cancelled).toMatchObject({ status: 200, body: { jobsCanceled: 2 } });
  expect(deleted).toMatchObject({ status: 200, body: { jobsDeleted: 2 } });
  expect([Object.keys(cancelled.body), Object.keys(deleted.body)]).toEqual([
    ['jobsCanceled'],
    ['jobsDeleted'],
  ]);
  expect((await call('POST', `${jobs}:delete`)).body).toEqual({ jobsDeleted: 1 });
});

test('a job is read, listed, paused, resumed, cancelled and deleted as the CAF contract specifies', async () => {
  const jobs = jobsOf(freshPartition());
  const path = `${jobs}/a%20b`;
  await call('PUT', path, { body: batchOf(20_000, { millisPerItem: '50' }) });
  const status = async () => (await call('GET', `${path}/status`)).body;
  await until('the job is active', async () => (await status()) === 'Active');

  const seen = await call('GET', `${path}/status`);
  const active = await call('GET', `${path}/isActive`);
  for (const { headers, status: code } of [seen, active]) {
    expect(code).toBe(200);
    expect(headers.get('cache-control')).toBe('max-age=5');
    expect(headers.get('cacheablejobstatus')).toBe('true');
    expect(headers.get('content-type')).toBe('application/json');
  }
  expect([seen.body, active.body]).toEqual(['Active', true]);
  const listed = await until('the list has the job', async () => {
    const { body } = await call('GET', `${jobs}?limit=-1&jobIdStartsWith=a`);
    return body.length === 1 && body;
  });
  expect(listed[0]).toMatchObject({ id: 'a b', failures: [], labels: { owner: 'bob' } });

  expect((await call('POST', `${path}/pause`)).status).toBe(204);
  expect([await status(), (await call('GET', `${path}/isActive`)).body]).toEqual(['Paused', false]);
  expect((await call('POST', `${path}/resume`)).status).toBe(204);
  expect(await status()).toBe('Active');
  expect((await call('POST', `${path}/cancel`)).status).toBe(204);
  expect(await status()).toBe('Cancelled');
  expect((await call('POST', `${path}/resume`)).status).toBe(409);
  expect((await call('DELETE', path)).status).toBe(204);
  expect((await call('GET', path)).status).toBe(404);
  expect((await call('GET', `${path}/isActive`)).body).toBe(false);
  expect(await call('GET', '/caf/ping')).toMatchObject({ status: 200, body: { success: true } });
  expect((await call('GET', '/caf/ping', { token: null })).status).toBe(401);
}, 120_000);
