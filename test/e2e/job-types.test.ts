import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, inject, test } from 'vitest';
import openApi from '../../docs/openapi.json' with { type: 'json' };
import { localClient } from '../../localstack/local-aws.ts';
import { call, finished, freshPartition, jobPath, pages, upload } from './rest.ts';

/** Types are of the whole service: each test has a name of its own. */
const freshName = () => `type-${freshPartition()}`;

const NUMBERS = {
  description: 'Numbers to try things out.',
  parametersSchema: {
    type: 'object',
    properties: { count: { type: 'integer', minimum: 0 }, failEvery: { type: 'integer', minimum: 1 } },
    required: ['count'],
    additionalProperties: false,
  },
  configuration: { team: 'search' },
  constants: { chunk: 7 },
  mapping: `parameters.count > 1000 ? $error("at most 1000 numbers") : {
    "batch": {
      "splitter": "range",
      "definition": {"from": 0, "to": parameters.count},
      "worker": "rehearse",
      "parameters": $sift(parameters, function($v, $k) {$k = "failEvery"}),
      "itemsPerTask": constants.chunk
    },
    "labels": {"team": configuration.team, "job": jobId}
  }`,
};

describe('the requests that the OpenAPI document shows as examples', () => {
  const { examples } = openApi.components.schemas.JobRequest;
  const partition = 'p1';

  test('use both a batch and a job type', () => {
    const forms = examples.map((example) => ('type' in example ? example.type : 'batch'));
    expect(forms).toEqual(['batch', 'extract-folder']);
  });

  test.each(examples.map((example, position) => [position, example] as const))(
    'run to completion unchanged: example %i',
    async (_, body) => {
      const { endpoint, bucket } = { endpoint: inject('endpoint'), bucket: inject('bucket') };
      if ('type' in body) await putText(endpoint, bucket, 'data/p1/letter.txt', 'The text of a letter.');
      const path = jobPath(partition, `example-${Date.now().toString(36)}`);

      const created = await call('PUT', path, { body });
      expect(created.status, JSON.stringify(created.body)).toBe(201);
      const job = await finished(path);

      expect(job.status).toBe('Completed');
      expect(job.items.succeeded).toBeGreaterThan(0);
    },
  );
});

/** Puts a document where the service finds the data of a partition. */
async function putText(endpoint: string, bucket: string, key: string, text: string): Promise<void> {
  const s3 = new S3Client(endpoint === '' ? {} : { ...localClient(endpoint), forcePathStyle: true });
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text }));
  s3.destroy();
}

describe('a job type', () => {
  test('that an admin puts makes jobs that run to their exact totals', async () => {
    const name = freshName();
    const path = jobPath(freshPartition(), 'typed');
    const body = { type: name, parameters: { count: 100, failEvery: 10 } };

    const put = await call('PUT', `/job-types/${name}`, { body: NUMBERS });
    const created = await call('PUT', path, { body });
    const changed = await call('PUT', `/job-types/${name}`, { body: { ...NUMBERS, description: 'More.' } });
    const again = await call('PUT', path, { body });
    const job = await finished(path);

    expect([put.status, created.status, changed.status, again.status]).toEqual([201, 201, 200, 204]);
    expect(job).toMatchObject({
      type: name,
      typeVersion: '1',
      status: 'Completed',
      labels: { team: 'search', job: 'typed' },
      items: { found: 100, succeeded: 90, failed: 10, sealed: true },
    });
    expect((await call('GET', `${path}/request`)).body).toEqual(body);
    expect(await pages(`/job-types/${name}/versions?limit=1`)).toHaveLength(2);
    expect((await call('DELETE', `/job-types/${name}`)).status).toBe(204);
    expect((await call('GET', `/job-types/${name}`)).status).toBe(404);
  });

  test('refuses parameters by its schema and by its mapping, and a yield that is no job', async () => {
    const [name, broken] = [freshName(), freshName()];
    const partition = freshPartition();
    await call('PUT', `/job-types/${name}`, { body: NUMBERS });
    await call('PUT', `/job-types/${broken}`, { body: { mapping: '{"batch": {"splitter": "no"}}' } });
    const create = (body: unknown) => call('PUT', jobPath(partition, 'job'), { body });

    const wrong = await create({ type: name, parameters: { count: 'x', nope: 1 } });
    const refused = await create({ type: name, parameters: { count: 1001 } });
    const unknown = await create({ type: 'nowhere' });
    const failed = await create({ type: broken });

    expect(wrong).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
    expect(wrong.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      '/parameters/count',
      '/parameters/nope',
    ]);
    expect(refused).toMatchObject({ status: 400, body: { detail: 'at most 1000 numbers' } });
    expect(unknown).toMatchObject({ status: 400, body: { detail: expect.stringContaining(name) } });
    expect(failed).toMatchObject({ status: 422, body: { code: 'mapping-failed' } });
    expect(await pages(`/partitions/${partition}/jobs`)).toEqual([]);
  });

  test('that would never end or exhaust memory only fails its own request', async () => {
    const [stuck, large, name] = [freshName(), freshName(), freshName()];
    const partition = freshPartition();
    await call('PUT', `/job-types/${stuck}`, {
      body: { mapping: `"${'a'.repeat(42)}b" ~> $match(/^(a+)+$/)` },
    });
    await call('PUT', `/job-types/${large}`, { body: { mapping: '$pad("x", 400000000)' } });
    await call('PUT', `/job-types/${name}`, { body: NUMBERS });

    const answers = [];
    for (const type of [stuck, large]) {
      answers.push(await call('PUT', jobPath(partition, 'job'), { body: { type } }));
    }
    const next = await call('PUT', jobPath(partition, 'job'), {
      body: { type: name, parameters: { count: 1 } },
    });

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [422, 'mapping-failed'],
      [422, 'mapping-failed'],
    ]);
    expect(next.status).toBe(201);
  });

  test('that came with the deployment extracts the texts of a folder, and is not changed here', async () => {
    const partition = freshPartition();
    await upload(partition, 'Some words of a text.', 'a.txt');
    const path = jobPath(partition, 'folder');

    const created = await call('PUT', path, {
      body: { type: 'extract-folder', parameters: { prefix: `uploads/${partition}/`, suffix: '.txt' } },
    });
    const changed = await call('PUT', '/job-types/extract-folder', { body: NUMBERS });

    expect(created.status, JSON.stringify(created.body)).toBe(201);
    expect(await finished(path)).toMatchObject({ status: 'Completed', items: { succeeded: 1 } });
    expect(changed).toMatchObject({ status: 409, body: { code: 'read-only' } });
    expect((await call('GET', '/job-types')).body).toContainEqual(
      expect.objectContaining({ name: 'extract-folder', deployed: true }),
    );
  });
});
