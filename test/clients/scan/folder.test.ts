import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { contentHash, idOfHash } from '../../../functions/scan-sources/request-file.ts';
import { AFolder, items, numbers } from './a-folder.ts';

describe('a request', () => {
  test('becomes a job whose files are uploaded, and moves to finished', async () => {
    const folder = new AFolder();
    folder.write('docs/a b.txt', 'Hello');
    folder.write('one.json', items({ id: 'a', source: 'docs/a%20b.txt' }, { source: 's3://theirs/k' }));

    const taken = await folder.scanAll();

    const [job, ...others] = await folder.jobs();
    expect(others).toEqual([]);
    expect(taken.at(-1)).toEqual({ request: 'one.json', kind: 'created', job: job.id });
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

  test('with an id keeps it', async () => {
    const folder = new AFolder();
    folder.write('one.json', { id: 'mine', ...numbers(5) });

    await folder.scanAll();

    expect((await folder.jobs()).map(({ id }) => id)).toEqual(['mine']);
  });

  test('in XML that the API refuses gets the reason of the API', async () => {
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

describe('a request is refused, with the reason next to it', () => {
  test.each([
    ['broken JSON', '{"batch": ', /the body is not JSON/],
    ['an unknown member', { ...numbers(5), prio: 3 }, /\/prio: is not known here/],
    [
      'an unknown splitter',
      { batch: { ...numbers(5).batch, splitter: 'none' } },
      /splitter 'none' does not exist; deployed: items, range/,
    ],
    [
      'a file that is not there',
      items({ source: 'docs/none.txt' }),
      /file 'docs\/none.txt' does not exist next to the request/,
    ],
    ['a file outside', items({ source: '../outside.txt' }), /leads out/],
    [
      'a link that leads outside',
      items({ source: 'docs/link.txt' }),
      /is a link that leads outside the folder/,
    ],
    [
      'a folder link that leads outside',
      items({ source: 'docs/elsewhere/x.txt' }),
      /is a link that leads out/,
    ],
    ['a folder for a file', items({ source: 'docs' }), /'docs' is not a file/],
    ['too many items', items(1, 2, 3, 4), /has 4 items; the limit is 3/],
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

  test('the id of another job', async () => {
    const folder = new AFolder();
    folder.write('one.json', { id: 'mine', ...numbers(5) });
    folder.write('two.json', { id: 'mine', ...numbers(6) });

    await folder.scanAll();

    expect(folder.names('finished')).toEqual(['one.json']);
    expect(JSON.parse(folder.read('error/two.json.reason.json'))).toMatchObject({ code: 'job-exists' });
  });

  test('a file that is too large for a request', async () => {
    const folder = new AFolder();
    folder.write('big.json', 'x'.repeat(5 * 2 ** 20));

    await folder.scanAll();

    expect(JSON.parse(folder.read('error/big.json.reason.json')).reason).toMatch(
      /5242880 bytes; the limit is 4194304/,
    );
  });

  test('and processed after it is corrected', async () => {
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

test('the id of a job is derived only from its content', async () => {
  const folder = new AFolder();
  folder.write('one.json', numbers(5));

  await folder.scanAll();

  const [job] = await folder.jobs();
  const hash = contentHash({ body: numbers(5) }, new Map());
  expect(job).toMatchObject({ id: idOfHash(hash), labels: { 'scan:hash': hash } });
});
