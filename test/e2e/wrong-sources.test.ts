/** A missing source fails its job within seconds, with the reason. During retries, the job shows why it is retried. */
import { describe, expect, inject, test } from 'vitest';
import { webServer } from '../support/web-server.ts';
import { call, finished, freshPartition, jobPath, until, upload } from './rest.ts';

const SECONDS = 45;

async function create(batch: Record<string, unknown>, partition = freshPartition()) {
  const path = jobPath(partition, 'job');
  const { status, body } = await call('PUT', path, { body: { batch: { worker: 'rehearse', ...batch } } });
  return { path, status, body };
}

async function failureOf(batch: Record<string, unknown>, partition?: string) {
  const { path, status, body } = await create(batch, partition);
  expect(status, JSON.stringify(body)).toBe(201);
  const job = await finished(path, SECONDS);
  expect(job.status).toBe('Failed');
  return job.failures[0];
}

const BUCKET = 'jobtree-no-such-bucket-4711';

describe('a wrong source fails its job within seconds, with the reason', () => {
  test.each([
    [
      'an upload that was never made',
      'lines',
      { source: 'upload:nothing' },
      'source-missing',
      /upload it first/i,
    ],
    ['the same of items', 'items', { source: 'upload:nothing' }, 'source-missing', /upload it first/i],
    ['the same of an archive', 'zip', { source: 'upload:nothing' }, 'source-missing', /upload it first/i],
    [
      'a job that does not exist',
      'job-results',
      { job: 'nothing' },
      'job-missing',
      /job 'nothing' does not exist/,
    ],
  ])('%s', async (_, splitter, definition, code, reason) => {
    const failure = await failureOf({ splitter, definition });

    expect(failure).toMatchObject({ code, failureMessage: expect.stringMatching(reason) });
  });

  test.each([
    ['s3-prefix', { bucket: BUCKET, prefix: 'a/' }],
    ['lines', { source: `s3://${BUCKET}/a/` }],
    ['lines', { source: `s3://${BUCKET}/a.txt` }],
  ])('%s in a bucket that the stack may not read, or that does not exist', async (splitter, definition) => {
    const { path, status } = await create({ splitter, definition });
    if (status !== 201) return expect(status).toBe(400);
    const { failures } = await finished(path, SECONDS);

    expect(failures[0].code).toMatch(/^source-(missing|forbidden)$/);
    expect(failures[0].failureMessage).toContain(BUCKET);
  });

  test('a file that is no archive, and a header that is no CSV', async () => {
    const partition = freshPartition();
    const archive = await upload(partition, 'not a zip archive', 'a.zip');
    const table = await upload(partition, 'a,"b"c\n1,2\n', 'a.csv');

    const failure = await failureOf({ splitter: 'zip', definition: { source: archive } }, partition);
    const path = jobPath(partition, 'csv');
    const batch = { splitter: 'lines', definition: { source: table, format: 'csv' }, worker: 'rehearse' };
    await call('PUT', path, { body: { batch } });
    const job = await finished(path, SECONDS);

    expect(failure.code).toBe('archive-broken');
    expect(job.failures[0]).toMatchObject({ code: 'bad-header' });
  });
});

test('a delimiter that cannot separate records is refused at creation, with its location', async () => {
  const { status, body } = await create({
    splitter: 'lines',
    definition: { source: 'upload:x', format: 'csv', delimiter: '"' },
  });

  expect(status).toBe(400);
  expect(body.errors[0].pointer).toBe('/batch/definition/delimiter');
});

test('a record nested 400,000 deep fails alone', async () => {
  const partition = freshPartition();
  const deep = `${'['.repeat(400_000)}${']'.repeat(400_000)}`;
  const file = await upload(partition, `{"id":"a"}\n${deep}\n{"id":"b"}\n`, 'deep.jsonl');

  const { path, status } = await create({ splitter: 'items', definition: { source: file } }, partition);
  const job = await finished(path, SECONDS);

  expect(status).toBe(201);
  expect(job).toMatchObject({ status: 'Completed', items: { succeeded: 2, failed: 1 } });
  expect(job.failures[0].code).toBe('bad-record');
});

/** Servers of this machine are reached only by a service that runs on it. */
describe.runIf(inject('endpoint') !== '')('a server of the web', () => {
  test('that has no such file fails the job, and a busy one shows in the note until it answers', async () => {
    let isBusy = true;
    const server = await webServer(({ path }, response) => {
      if (path === '/missing') return response.writeHead(404).end();
      if (isBusy) return response.writeHead(503).end();
      return response.end('[1,2,3]');
    });

    const missing = await failureOf({
      splitter: 'lines',
      definition: { source: `${server.url}/missing` },
    });
    const { path } = await create({ splitter: 'query', definition: { url: `${server.url}/list` } });
    const note = await until('the note shows the error', async () => (await call('GET', path)).body.note);
    isBusy = false;
    const job = await finished(path, 120);
    await server.close();

    expect(missing).toMatchObject({ code: 'source-missing' });
    expect(note).toMatch(/^batch root is retried: .*responded with status 503/);
    expect(job).toMatchObject({ status: 'Completed', items: { succeeded: 3 } });
  });

  test('whose name has no address fails the job after three tries, within seconds', async () => {
    const { failureMessage, code } = await failureOf({
      splitter: 'query',
      definition: { url: 'https://no-such-host.invalid/list' },
    });

    expect(code).toBe('splitter-failed');
    expect(failureMessage).toMatch(
      /failed 3 times .*the last error: no-such-host\.invalid cannot be reached/,
    );
  });
});
