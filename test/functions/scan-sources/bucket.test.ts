import { describe, expect, test } from 'vitest';
import { parseBucketName, parseObjectPrefix } from '#core/object-address.ts';
import type { Objects, Table } from '#core/ports.ts';
import { reachablePorts } from '../../../functions/creation/ports.ts';
import { type ScannedSource, scanSources } from '../../../functions/scan-sources/scan-sources.ts';
import { storedJobs } from '../../../functions/scan-sources/stored-jobs.ts';
import { BUCKETS } from '../../support/buckets.ts';
import { Fuse } from '../../support/fuse.ts';
import { type ApiWorld, apiWorld, JOBS, REGISTRY } from '../jobs-api/api-world.ts';

const INBOX = parseObjectPrefix('inbox/p1/');
const SOURCE: ScannedSource = {
  partition: 'p1',
  prefix: INBOX,
  high: 100,
  low: 50,
  jobsPerScan: 20,
  maxItems: 100,
};
const registry = {
  ...REGISTRY,
  splitters: [...REGISTRY.splitters, { name: 'items', description: 'items', definition: {} }],
};
const numbers = (to: number) => ({
  batch: { splitter: 'range', definition: { from: 0, to }, worker: 'rehearse' },
});
const items = (...list: unknown[]) => ({
  batch: { splitter: 'items', definition: { items: list }, worker: 'rehearse' },
});

/** An inbox with requests, and the scanner for it. */
async function anInbox(requests: Readonly<Record<string, string | object>>) {
  const world = apiWorld({ registry });
  for (const [name, content] of Object.entries(requests)) {
    await world.objects.put(INBOX + name, typeof content === 'string' ? content : JSON.stringify(content));
  }
  const run = (options: { source?: Partial<ScannedSource>; fuse?: Fuse; isOver?: () => boolean } = {}) =>
    scanSources(
      [{ ...SOURCE, ...options.source }],
      portsOf(world, options.fuse),
      options.isOver ?? (() => false),
    );
  const names = async (folder = '') => {
    const { objects } = await world.objects.list(INBOX + folder, { delimiter: '/' });
    return objects.map(({ key }) => key.slice(INBOX.length + folder.length));
  };
  const jobs = async () => (await world.call('GET', JOBS, { query: 'limit=1000&sort=name:asc' })).body;
  const textOf = async (name: string) =>
    Buffer.from((await world.objects.get({ key: INBOX + name })) ?? []).toString();
  return { world, run, names, jobs, textOf };
}

function portsOf(world: ApiWorld, fuse?: Fuse) {
  const table: Table = fuse === undefined ? world.table : fuse.through(world.table);
  const objects: Objects = fuse === undefined ? world.objects : fuse.through(world.objects);
  const { splitters, workers, jobTypes, templates } = registry;
  const mutable = {
    splitters: [...splitters],
    workers: [...workers],
    jobTypes: [...jobTypes],
    templates: [...templates],
    secrets: {},
    functions: {},
  };
  const ports = reachablePorts({
    ...world,
    maxItems: 1_000_000,
    idleLimit: 'P7D',
    table,
    objects,
    registry: mutable,
  });
  return {
    ...world,
    ...BUCKETS,
    objectsOf: () => objects,
    jobsOf: (partition: string) => storedJobs(partition, ports),
  };
}

test('a request becomes a job of the scanner, and its files are not moved', async () => {
  const { world, run, names, jobs } = await anInbox({
    'one.json': items({ source: 'docs/a.txt' }),
    'docs/a.txt': 'Hello',
  });

  const failed = await run();

  const [job] = await jobs();
  const { body } = await world.call('GET', `${JOBS}/${job.id}/request`);
  expect(failed).toBe(0);
  expect(job).toMatchObject({ createdBy: 'scanner', labels: { 'scan:request': 'one.json' } });
  expect(body.batch.definition.items).toEqual([{ source: `s3://${BUCKETS.bucket}/${INBOX}docs/a.txt` }]);
  expect(await names()).toEqual([]);
  expect(await names('finished/')).toEqual(['one.json']);
  expect(await names('docs/')).toEqual(['a.txt']);
});

test('the reason for a refusal is stored next to the request', async () => {
  const { run, names, textOf, jobs } = await anInbox({
    'bad.json': { ...numbers(5), prio: 1 },
    'none.json': items({ source: 'docs/none.txt' }),
    'worker.json': { batch: { ...numbers(5).batch, worker: 'none' } },
    'template.xml': '<jobRequest><template>none</template></jobRequest>',
  });

  await run();

  const reason = async (name: string) => JSON.parse(await textOf(`error/${name}.reason.json`)).reason;
  expect(await names()).toEqual([]);
  expect(await reason('bad.json')).toContain('/prio: is not known here');
  expect(await reason('none.json')).toContain("file 'docs/none.txt' does not exist");
  expect(await reason('worker.json')).toContain("worker 'none' does not exist; deployed: rehearse, second");
  expect(await reason('template.xml')).toContain('/template');
  expect(await jobs()).toEqual([]);
});

test('a crash at any step neither loses nor doubles anything', async () => {
  let crashes = 0;
  for (let step = 0; ; step += 1) {
    const { run, names, jobs } = await anInbox({
      'bad.json': { ...numbers(5), prio: 3 },
      'good.json': { name: 'good', ...items({ source: 'docs/a.txt' }) },
      'named.json': { id: 'named', name: 'named', ...numbers(5) },
      'docs/a.txt': 'Hello',
    });
    const fuse = new Fuse(step);

    await run({ fuse }).catch(() => undefined);
    await run();

    const seen = `step ${step}`;
    const made = (await jobs()).map(({ name, generation }: { name: string; generation: number }) => [
      name,
      generation,
    ]);
    expect([seen, made]).toEqual([
      seen,
      [
        ['good', 1],
        ['named', 1],
      ],
    ]);
    expect([seen, await names()]).toEqual([seen, []]);
    expect([seen, await names('finished/')]).toEqual([seen, ['good.json', 'named.json']]);
    expect([seen, await names('error/')]).toEqual([seen, ['bad.json', 'bad.json.reason.json']]);
    if (!fuse.isBurnt) break;
    crashes += 1;
  }
  expect(crashes).toBeGreaterThan(50);
});

test('concurrent scans create each job once', async () => {
  const requests = Object.fromEntries(
    Array.from({ length: 10 }, (_, i) => [`${i}.json`, { name: `n${i}`, ...numbers(5) }]),
  );
  const { run, names, jobs } = await anInbox(requests);

  await Promise.all([run(), run(), run()]);

  expect((await jobs()).map(({ name }: { name: string }) => name)).toEqual(
    Object.keys(requests).map((_, i) => `n${i}`),
  );
  expect(await names()).toEqual([]);
  expect(await names('finished/')).toEqual(Object.keys(requests).sort());
});

test('a request that is overwritten during a scan is processed again', async () => {
  const { world, run, jobs, names } = await anInbox({ 'one.json': { name: 'old', ...numbers(5) } });
  const { put } = world.objects;
  let isFirst = true;
  world.objects.put = async (key, ...more) => {
    await put.call(world.objects, key, ...more);
    if (!isFirst || !key.includes('finished/')) return;
    isFirst = false;
    await put.call(world.objects, `${INBOX}one.json`, JSON.stringify({ name: 'new', ...numbers(5) }));
  };

  await run();
  await run();

  expect((await jobs()).map(({ name }: { name: string }) => name)).toEqual(['new', 'old']);
  expect(await names()).toEqual([]);
  expect(await names('finished/')).toHaveLength(2);
});

describe('limits', () => {
  const many = Object.fromEntries(
    Array.from({ length: 6 }, (_, i) => [`${i}.json`, { name: `n${i}`, ...numbers(5) }]),
  );

  test('too many unfinished jobs delay requests until there are few', async () => {
    const { world, run, names, jobs } = await anInbox(many);
    const source = { high: 3, low: 1 };
    const cancelOne = async () => {
      const live = (await jobs()).find(({ status }: { status: string }) => status === 'Waiting');
      await world.call('POST', `${JOBS}/${live.id}/cancel`);
    };

    await run({ source });
    const filled = (await jobs()).length;
    await run({ source });
    const marked = (await names()).includes('.full.json');
    await cancelOne();
    await run({ source });
    const held = (await jobs()).length;
    await cancelOne();
    await run({ source });

    expect([filled, marked, held]).toEqual([3, true, 3]);
    expect(await jobs()).toHaveLength(5);
    expect(await names()).toEqual(['5.json']);
  });

  test('a scan creates up to the limit of jobs, and none when its time is up', async () => {
    const { run, jobs } = await anInbox(many);

    await run({ isOver: () => true });
    const none = (await jobs()).length;
    await run({ source: { jobsPerScan: 2 } });

    expect([none, (await jobs()).length]).toEqual([0, 2]);
  });
});

test('an unreadable source does not block the others', async () => {
  const { world, jobs } = await anInbox({ 'one.json': numbers(5) });
  const ports = portsOf(world);
  const objectsOf = (bucket: string) => {
    if (bucket === 'gone') throw new Error('the bucket does not exist');
    return world.objects;
  };

  const failed = await scanSources(
    [{ ...SOURCE, bucket: parseBucketName('gone'), prefix: parseObjectPrefix('a/') }, SOURCE],
    { ...ports, objectsOf },
    () => false,
  );

  expect(failed).toBe(1);
  expect(await jobs()).toHaveLength(1);
  expect(world.log.messages('warn')).toEqual(['source could not be scanned']);
});

test('an object with an invalid key is skipped, and the others are processed', async () => {
  const { world, run, names, jobs } = await anInbox({ 'a\u0007.json': numbers(5), 'b.json': numbers(5) });

  expect(await run()).toBe(0);

  expect(await jobs()).toHaveLength(1);
  expect(await names()).toEqual(['a\u0007.json']);
  expect(world.log.messages('warn')).toEqual(['object skipped: its key is not valid']);
});

test.for(['../p2/secret.txt', 'docs/%2e%2e/p2/secret.txt', 'docs/%252e%252e/secret.txt'])(
  'a request that names %s is refused',
  async (source) => {
    const { run, names, jobs, textOf } = await anInbox({ 'a.json': items({ source }) });

    await run();

    expect(await jobs()).toEqual([]);
    expect(await names('error/')).toEqual(['a.json', 'a.json.reason.json']);
    expect(JSON.parse(await textOf('error/a.json.reason.json'))).toMatchObject({ code: 'invalid-request' });
  },
);
