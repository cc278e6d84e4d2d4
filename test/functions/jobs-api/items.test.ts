import { describe, expect, test } from 'vitest';
import { recordLines } from '../../support/outcomes.ts';
import { apiWorld, createdJob, JOBS } from './api-world.ts';
import { allPages, anItem, ITEMS, putChunk, RUN, worldOf } from './recorded-items.ts';

describe('items', () => {
  test.each([1, 2, 3, 4, 7, 30, 1000])(
    'in pages of %i are listed once each, and no page is too large',
    async (limit) => {
      const world = await worldOf(10);

      const { ids, sizes } = await allPages(world, ITEMS, `limit=${limit}`);

      expect(ids).toHaveLength(30);
      expect(new Set(ids).size).toBe(30);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(limit);
      expect(sizes.at(-1)).toBeGreaterThan(0);
    },
  );

  test('can be chosen by their outcome', async () => {
    const { ids } = await allPages(await worldOf(10), ITEMS, 'outcome=failed&limit=4');

    expect(ids).toEqual(Array.from({ length: 10 }, (_, i) => `${i}b`));
  });

  test.each([7, 100])('of one outcome fill each page of %i but the last', async (limit) => {
    const world = await worldOf(250);

    const { ids, sizes } = await allPages(world, ITEMS, `outcome=failed&limit=${limit}`);

    expect(ids).toEqual(Array.from({ length: 250 }, (_, i) => `${i}b`));
    expect(sizes.slice(0, -1)).toEqual(Array(Math.floor(250 / limit)).fill(limit));
  });

  test('of more chunks than one request reads are all found, in several pages', async () => {
    const world = await worldOf(2_100);

    const { ids, sizes } = await allPages(world, ITEMS, 'outcome=skipped');
    const failed = await allPages(world, ITEMS, 'outcome=failed&limit=1000');

    expect([ids, sizes]).toEqual([[], [0, 0]]);
    expect(failed.sizes).toEqual([1000, 1000, 100]);
  });

  test.each([1, 2, 5, 100])('are in the order of the tree, in pages of %i', async (limit) => {
    const world = await worldOf(0);
    const places = [
      ['', 1],
      ['2', 0],
      ['2', 10],
      ['3.9', 0],
      ['3.10', 0],
      ['10', 0],
      ['10', 11],
      ['', 12],
    ] as const;
    for (const [path, index] of places.toReversed()) {
      await putChunk(world, index, [anItem(`${path}/${index}`), anItem(`${path}/${index}+`)], path);
    }

    const { ids } = await allPages(world, ITEMS, `limit=${limit}`);

    expect(ids).toEqual(places.flatMap(([path, index]) => [`${path}/${index}`, `${path}/${index}+`]));
  });

  test('that a running job adds between two pages neither hide nor double others', async () => {
    const world = await worldOf(2);
    const { body, headers } = await world.call('GET', ITEMS, { query: 'limit=4' });
    const next = /<\?([^>]+)>/.exec(headers['Link'] ?? '')?.[1] ?? '';
    await putChunk(world, 0, [anItem('new')], '0');

    const { ids } = await allPages(world, ITEMS, next);

    expect([...body.map(({ id }: { id: string }) => id), ...ids].toSorted()).toEqual(
      ['0a', '0b', '0c', '1a', '1b', '1c'].toSorted(),
    );
  });

  test('have exactly the members of the view', async () => {
    const world = await worldOf(0);
    const parts = [
      { type: 'META', filename: 'f', mimeType: 'text/plain', key: 'outputs/p1/f', sizeBytes: 3 },
    ];
    const failure = {
      failureId: '1',
      failureTime: 1,
      failureSource: '/0:a',
      failureMessage: 'm',
      code: 'c',
      attempts: 2,
    };
    const item = anItem('a', 'failed', { output: { n: 1 }, parts, failure });
    await putChunk(world, 0, [{ ...item, secret: 'x' }]);

    expect((await world.call('GET', ITEMS)).body).toEqual([item]);
    expect((await world.call('GET', ITEMS, { query: 'parts=result' })).body[0].parts).toEqual([]);
  });

  test('are returned as lines if the caller accepts lines', async () => {
    const world = await worldOf(2);
    const headers = { accept: 'application/x-ndjson, */*;q=0.1' };

    const answer = await world.call('GET', ITEMS, { query: 'limit=4', headers });

    expect(answer.headers['Content-Type']).toBe('application/x-ndjson');
    expect(answer.headers['Link']).toContain('rel="next"');
    const lines = answer.text.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).id)).toEqual(['0a', '0b', '0c', '1a']);
  });

  test('are listed although a line between them is broken', async () => {
    const world = await worldOf(0);
    await recordLines(
      world,
      RUN,
      { index: 0 },
      `${JSON.stringify(anItem('a'))}\n{"id":\n{}\n${JSON.stringify(anItem('b'))}`,
    );

    const { ids } = await allPages(world, ITEMS, 'limit=1');

    expect(ids).toEqual(['a', 'b']);
    expect(world.log.messages('warn')).toContain('outcomes contain invalid lines');
  });

  test('of an earlier creation are not those of the job', async () => {
    const world = await worldOf(2);
    await world.call('DELETE', `${JOBS}/j1`);
    await createdJob(world);

    expect((await world.call('GET', ITEMS)).body).toEqual([]);
  });

  test('too many for one answer go on the next page', async () => {
    const world = await worldOf(0);
    const large = (name: string) =>
      Array.from({ length: 3 }, (_, i) =>
        anItem(`${name}${i}`, 'succeeded', { output: 'x'.repeat(1_500_000) }),
      );
    await putChunk(world, 0, large('a'));

    const { ids, sizes } = await allPages(world, ITEMS, '');

    expect(ids).toEqual(['a0', 'a1', 'a2']);
    expect(sizes).toEqual([2, 1]);
  });
});

describe('uploads', () => {
  const UPLOADS = '/partitions/p1/uploads';

  test('get signed URLs that are valid for 15 minutes', async () => {
    const world = apiWorld();

    const { status, body } = await world.call('POST', UPLOADS, {
      body: { sizeBytes: 12, filename: 'ä b/c.csv', contentType: 'text/csv' },
    });

    expect(status).toBe(201);
    expect(body).toMatchObject({
      method: 'PUT',
      headers: { 'Content-Type': 'text/csv', 'Content-Length': '12' },
    });
    expect(body.id).toMatch(/^\w+-~\w+~b~\w+~c\.csv$/);
    expect(body.url).toContain(`uploads/p1/${body.id}`);
    expect(body.expiresAt).toBe(world.clock.now() + 15 * 60_000);
  });

  test('need their size and nothing else; each is another one', async () => {
    const world = apiWorld();
    const ask = (sizeBytes: number) => world.call('POST', UPLOADS, { body: { sizeBytes } });

    const answers = await Promise.all([ask(0), ask(1_000_000)]);

    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(answers[0]?.body.id).not.toBe(answers[1]?.body.id);
  });

  test.each([
    ['no body', undefined, 'the body is missing'],
    ['no size', {}, 'must be the size of the upload in bytes'],
    ['a text', { sizeBytes: '12' }, '/sizeBytes'],
    ['a fraction', { sizeBytes: 1.5 }, '/sizeBytes'],
    ['a negative number', { sizeBytes: -1 }, '/sizeBytes'],
  ])('are refused with %s', async (_, body, words) => {
    const answer = await apiWorld().call('POST', UPLOADS, { body });

    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(words)]);
  });

  test.each([1_000_001, 2 ** 53 - 1])('of %i bytes are too large', async (sizeBytes) => {
    const { status, body } = await apiWorld().call('POST', UPLOADS, { body: { sizeBytes } });

    expect([status, body.code]).toEqual([413, 'too-large']);
    expect(body.detail).toBe(
      `sizeBytes is ${sizeBytes}; an upload may have at most 1000000 bytes; send several smaller ones`,
    );
  });
});
