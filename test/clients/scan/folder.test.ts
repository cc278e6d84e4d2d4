import { appendFileSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { contentHash, idOfHash } from '../../../functions/scan-sources/request-file.ts';
import { Fuse } from '../../support/fuse.ts';
import { AFolder } from './a-folder.ts';

const items = (...list: unknown[]) => ({
  batch: { splitter: 'items', definition: { items: list }, worker: 'rehearse' },
});
const numbers = (to: number) => ({
  batch: { splitter: 'range', definition: { from: 0, to }, worker: 'rehearse' },
});

describe('a request', () => {
  test('becomes a job whose files are uploaded, and moves to finished', async () => {
    const folder = new AFolder();
    folder.write('docs/a b.txt', 'Hello');
    folder.write('one.json', items({ id: 'a', source: 'docs/a%20b.txt' }, { source: 's3://theirs/k' }));

    const taken = await folder.scanAll();

    const [job, ...others] = await folder.jobs();
    expect(others).toEqual([]);
    expect(taken.at(-1)).toEqual({ request: 'one.json', outcome: 'created', job: job.id });
    expect(job).toMatchObject({
      id: expect.stringMatching(/^scan-[0-9a-f]{40}$/),
      labels: { 'scan:request': 'one.json' },
    });
    const { body } = await folder.world.call('GET', `/partitions/p1/jobs/${job.id}/request`);
    const [{ source }, untouched] = body.batch.definition.items;
    expect(untouched).toEqual({ source: 's3://theirs/k' });
    const uploaded = await folder.world.objects.get({ key: source.replace('upload:', 'uploads/p1/') });
    expect(Buffer.from(uploaded ?? []).toString()).toBe('Hello');
    expect(folder.names()).toEqual(['docs', 'finished']);
    expect(folder.names('finished')).toEqual(['one.json']);
    expect(folder.names('docs')).toEqual(['a b.txt']);
  });

  test('with an id of its own has it', async () => {
    const folder = new AFolder();
    folder.write('one.json', { id: 'mine', ...numbers(5) });

    await folder.scanAll();

    expect((await folder.jobs()).map(({ id }) => id)).toEqual(['mine']);
  });

  test('in XML that names a template is told what the API says of it', async () => {
    const folder = new AFolder();
    folder.write('docs/a.txt', 'Hello');
    folder.write(
      'one.xml',
      '<jobRequest><template>none</template><items><item><parts><part><url>docs/a.txt</url></part></parts></item></items></jobRequest>',
    );

    await folder.scanAll();

    expect(folder.names('error')).toEqual(['one.xml', 'one.xml.reason.json']);
    expect(JSON.parse(folder.read('error/one.xml.reason.json'))).toMatchObject({
      code: 'invalid-request',
      errors: [{ pointer: '/template' }],
    });
    expect(await folder.jobs()).toEqual([]);
  });
});

describe('a request is refused, with the reason beside it', () => {
  test.each([
    ['broken JSON', '{"batch": ', /the body is not JSON/],
    ['an unknown member', { ...numbers(5), prio: 3 }, /\/prio: is not known here/],
    [
      'an unknown splitter',
      { batch: { ...numbers(5).batch, splitter: 'none' } },
      /there is no splitter 'none'; deployed: items, range/,
    ],
    [
      'a file that is not there',
      items({ source: 'docs/none.txt' }),
      /there is no file 'docs\/none.txt' beside the request/,
    ],
    ['a file outside', items({ source: '../outside.txt' }), /leads out/],
    [
      'a link that leads outside',
      items({ source: 'docs/link.txt' }),
      /is a link that leads out of the folder/,
    ],
    [
      'a folder link that leads outside',
      items({ source: 'docs/elsewhere/x.txt' }),
      /is a link that leads out/,
    ],
    ['a folder for a file', items({ source: 'docs' }), /'docs' is no file/],
    ['too many items', items(1, 2, 3, 4), /has 4 items; a scanner takes at most 3/],
  ])('%s', async (_what, content, words) => {
    const folder = new AFolder();
    const outside = new AFolder();
    outside.write('x.txt', 'secret');
    mkdirSync(join(folder.path, 'docs'));
    symlinkSync(join(outside.path, 'x.txt'), join(folder.path, 'docs/link.txt'));
    symlinkSync(outside.path, join(folder.path, 'docs/elsewhere'));
    folder.write('one.json', content);

    await folder.scanAll({ limits: { maxItems: 3 } });

    const { reason, next, request } = JSON.parse(folder.read('error/one.json.reason.json'));
    expect(reason).toMatch(words);
    expect({ request, next }).toEqual({ request: 'one.json', next: expect.stringContaining('put it back') });
    expect(folder.names('error')).toEqual(['one.json', 'one.json.reason.json']);
    expect(folder.names()).not.toContain('one.json');
    expect(await folder.jobs()).toEqual([]);
    expect(folder.world.objects.keys()).toEqual([]);
  });

  test('an id that another job has', async () => {
    const folder = new AFolder();
    folder.write('one.json', { id: 'mine', ...numbers(5) });
    folder.write('two.json', { id: 'mine', ...numbers(6) });

    await folder.scanAll();

    expect(folder.names('finished')).toEqual(['one.json']);
    expect(JSON.parse(folder.read('error/two.json.reason.json'))).toMatchObject({ code: 'job-exists' });
  });

  test('one that is no request at all, for its size', async () => {
    const folder = new AFolder();
    folder.write('big.json', 'x'.repeat(5 * 2 ** 20));

    await folder.scanAll();

    expect(JSON.parse(folder.read('error/big.json.reason.json')).reason).toMatch(
      /5242880 bytes; at most 4194304/,
    );
  });

  test('and once it is mended, it is taken', async () => {
    const folder = new AFolder();
    folder.write('one.json', { ...numbers(5), prio: 3 });
    await folder.scanAll();

    folder.write('error/one.json', numbers(5));
    renameSync(join(folder.path, 'error/one.json'), join(folder.path, 'one.json'));
    await folder.scanAll();

    expect(folder.names('finished')).toEqual(['one.json']);
    expect(await folder.jobs()).toHaveLength(1);
  });
});

describe('twins', () => {
  test('of equal content make one job, whatever they are called', async () => {
    const folder = new AFolder();
    folder.write('docs/a.txt', 'Hello');
    folder.write('a.json', items({ source: 'docs/a.txt' }));
    folder.write('b.json', `\n ${JSON.stringify(items({ source: 'docs/a.txt' }))}`);

    const taken = await folder.scanAll();

    expect(taken.map(({ outcome }) => outcome).filter((outcome) => outcome !== 'unsettled')).toEqual([
      'created',
      'same',
    ]);
    expect(await folder.jobs()).toHaveLength(1);
    expect(folder.names('finished')).toEqual(['a.json', 'b.json']);
  });

  test('whose files differ are two jobs', async () => {
    const folder = new AFolder();
    folder.write('docs/a.txt', 'Hello');
    folder.write('a.json', items({ source: 'docs/a.txt' }));
    await folder.scanAll();
    folder.write('docs/a.txt', 'Hallo');
    folder.write('a.json', items({ source: 'docs/a.txt' }));

    await folder.scanAll();

    expect(await folder.jobs()).toHaveLength(2);
    expect(folder.names('finished')).toEqual([expect.stringMatching(/^a\.[0-9a-f]{12}\.json$/), 'a.json']);
  });

  test('two scanners at once double nothing and lose nothing', async () => {
    const folder = new AFolder();
    folder.write('docs/a.txt', 'Hello');
    for (let i = 0; i < 12; i += 1)
      folder.write(`${i}.json`, { name: `n${i}`, ...items({ source: 'docs/a.txt' }) });
    folder.write('bad.json', '{');

    await Promise.all([folder.scanAll(), folder.scanAll(), folder.scanAll()]);

    const jobs = await folder.jobs();
    expect(jobs.map(({ name }) => name).sort()).toEqual(Array.from({ length: 12 }, (_, i) => `n${i}`).sort());
    expect(jobs.every(({ generation }) => generation === 1)).toBe(true);
    expect(folder.names('finished')).toHaveLength(12);
    expect(folder.names('error')).toEqual(['bad.json', 'bad.json.reason.json']);
  });
});

test('a crash at any step neither loses nor doubles anything', async () => {
  let crashes = 0;
  for (let step = 0; ; step += 1) {
    const folder = new AFolder();
    folder.write('docs/a.txt', 'Hello');
    folder.write('bad.json', { ...numbers(5), prio: 3 });
    folder.write('good.json', { name: 'good', ...items({ source: 'docs/a.txt' }) });
    folder.write('named.json', { id: 'named', name: 'named', ...items({ sources: ['docs/a.txt'] }) });
    const fuse = new Fuse(step);

    await folder.scanAll({ fuse }).catch(() => undefined);
    const isComplete = !fuse.isBurnt;
    const reasons = folder.names('error').includes('bad.json') ? folder.names('error') : [];
    await folder.scanAll();

    const jobs = await folder.jobs();
    const seen = `step ${step}`;
    expect(jobs.map(({ name, generation }) => [seen, name, generation]).sort()).toEqual([
      [seen, 'good', 1],
      [seen, 'named', 1],
    ]);
    expect([seen, folder.names()]).toEqual([seen, ['docs', 'error', 'finished']]);
    expect([seen, folder.names('finished')]).toEqual([seen, ['good.json', 'named.json']]);
    expect([seen, folder.names('error')]).toEqual([seen, ['bad.json', 'bad.json.reason.json']]);
    // A request is never without its reason, not even between the crash and the next scan.
    expect(reasons).toEqual(reasons.length === 0 ? [] : ['bad.json', 'bad.json.reason.json']);
    if (isComplete) break;
    crashes += 1;
  }
  expect(crashes).toBeGreaterThan(50);
});

describe('what is still being written waits', () => {
  test('a request', async () => {
    const folder = new AFolder();
    const scanner = await folder.scanner();
    folder.write('one.json', '{"batch":');
    const [whole] = [JSON.stringify(numbers(5)).slice('{"batch":'.length)];

    const first = await scanner.scan();
    appendFileSync(join(folder.path, 'one.json'), whole);
    const second = await scanner.scan();
    const third = await scanner.scan();

    expect([first.found, second.found, third.created]).toEqual([1, 1, 1]);
    expect(second.created + second.refused).toBe(0);
  });

  test('a file that a request names', async () => {
    const folder = new AFolder();
    const scanner = await folder.scanner();
    folder.write('docs/a.txt', 'a');
    folder.write('one.json', items({ source: 'docs/a.txt' }));

    await scanner.scan();
    await scanner.scan();
    writeFileSync(join(folder.path, 'docs/a.txt'), 'all of it');
    const grown = await scanner.scan();
    const settled = await scanner.scan();

    expect([grown.created, settled.created]).toEqual([0, 1]);
    const [upload = ''] = folder.world.objects.keys();
    expect(Buffer.from((await folder.world.objects.get({ key: upload })) ?? []).toString()).toBe('all of it');
  });

  test('names that are no requests are left alone', async () => {
    const folder = new AFolder();
    const names = ['.one.json', 'a.json.part', 'a.xml.tmp', 'notes.txt', 'old.json.reason.json'];
    for (const name of names) folder.write(name, numbers(5));
    symlinkSync(join(tmpdir(), 'none'), join(folder.path, 'link.json'));

    await folder.scanAll();

    expect(folder.names()).toEqual([...names, 'link.json'].sort());
  });
});

describe('limits', () => {
  const fill = (folder: AFolder, requests: number) => {
    for (let i = 0; i < requests; i += 1)
      folder.write(`${String(i).padStart(2, '0')}.json`, { name: `n${i}`, ...numbers(5) });
  };
  const end = async (folder: AFolder, jobs: number) => {
    const live = (await folder.jobs()).filter(({ status }) => status === 'Waiting');
    for (const { id } of live.slice(0, jobs))
      await folder.world.call('POST', `/partitions/p1/jobs/${id}/cancel`);
  };

  test('a scan creates so many jobs, in the order of their names', async () => {
    const folder = new AFolder();
    fill(folder, 7);
    const scanner = await folder.scanner({ limits: { jobsPerScan: 3 } });

    await scanner.scan();
    const counts = [await scanner.scan(), await scanner.scan(), await scanner.scan()];

    expect(counts.map(({ created }) => created)).toEqual([3, 3, 1]);
    expect(scanner.taken.map(({ request }) => request).slice(0, 3)).toEqual([
      '00.json',
      '01.json',
      '02.json',
    ]);
  });

  test('it stops at the high mark and goes on at the low one, also in a new process', async () => {
    const folder = new AFolder();
    fill(folder, 9);
    const limits = { high: 4, low: 2 };
    const scanner = await folder.scanner({ limits });
    await scanner.scan();

    const filled = await scanner.scan();
    const held = await scanner.scan();
    await end(folder, 1);
    const between = await scanner.scan();
    const restarted = await folder.scanner({ limits });
    await restarted.scan();
    const stillHeld = await restarted.scan();
    await end(folder, 1);
    const released = await restarted.scan();

    expect(filled).toMatchObject({ created: 4, isFull: false });
    expect(held).toMatchObject({ created: 0, isFull: true, found: 5 });
    expect(between).toMatchObject({ created: 0, isFull: true });
    expect(stillHeld).toMatchObject({ created: 0, isFull: true });
    expect(released).toMatchObject({ created: 2, isFull: false });
    expect(folder.names()).not.toContain('.full.json');
  });
});

test('the id of a job follows from its content alone', async () => {
  const folder = new AFolder();
  folder.write('one.json', numbers(5));

  await folder.scanAll();

  const [job] = await folder.jobs();
  const hash = contentHash({ body: numbers(5) }, new Map());
  expect(job).toMatchObject({ id: idOfHash(hash), labels: { 'scan:hash': hash } });
});
