import { describe, expect, test } from 'vitest';
import { allPages, anItem, putChunk, RESULT, worldOf } from './recorded-items.ts';

describe('results', () => {
  const part = (name: string, more: object = {}) => ({
    type: 'BASE_PART',
    filename: `${name}.txt`,
    mimeType: 'text/plain',
    key: `outputs/p1/j1/1/${name}`,
    sizeBytes: 7,
    ...more,
  });

  test('are the parts of succeeded items, with links of 15 minutes', async () => {
    const world = await worldOf(0);
    const parts = [part('a'), part('meta', { type: 'META' })];
    await putChunk(world, 0, [
      anItem('1', 'succeeded', { parts }),
      anItem('2', 'failed', { parts: [part('b')] }),
    ]);

    const { body, headers } = await world.call('GET', RESULT);

    expect(headers['Cache-Control']).toBe('no-store');
    const expiresAt = world.clock.now() + 15 * 60_000;
    const url = 'https://bucket.test/outputs/p1/j1/1/a?get';
    expect(body).toEqual([
      { itemId: '1', filename: 'a.txt', mimeType: 'text/plain', sizeBytes: 7, url, expiresAt },
    ]);
  });

  test('page between the parts of one item', async () => {
    const world = await worldOf(0);
    const names = ['a', 'b', 'c', 'd', 'e'];
    await putChunk(world, 0, [anItem('1', 'succeeded', { parts: names.map((name) => part(name)) })]);

    const { entries, sizes } = await allPages(world, RESULT, 'limit=2');

    expect(entries.map(({ filename }) => filename)).toEqual(names.map((name) => `${name}.txt`));
    expect(sizes).toEqual([2, 2, 1]);
  });

  test('never link to objects of another partition', async () => {
    const world = await worldOf(0);
    const foreign = [
      'outputs/p2/j1/1/a',
      'outputs/p1x/j1/1/a',
      'requests/p1/j1/x.json',
      'outputs/p1/../p2/j1/1/a',
      'outputs/p1/%2e%2e/p2/j1/1/a',
      'outputs/p1/..\\p2/a',
      './outputs/p2/j1/1/a',
      '/outputs/p1/j1/1/a',
      'outputs/p1/\u0000',
      '',
    ].map((key, n) => part(`${n}`, { key }));
    const outside = part('c', { key: undefined, url: 'https://elsewhere.test/c' });
    await putChunk(world, 0, [anItem('1', 'succeeded', { parts: [...foreign, outside] })]);

    const { body } = await world.call('GET', RESULT);

    expect(body.map(({ url }: { url?: string }) => url)).toEqual([
      ...foreign.map(() => undefined),
      'https://elsewhere.test/c',
    ]);
  });

  test.each([
    'outputs/p2/j1/1/root/a.txt',
    'outputs/p1',
    'outputs/p1x/j1/1/a.txt',
    'outputs/p1/../p2/j1/1/a.txt',
    'outputs/p1/./../../requests/p2/a.json',
    'outputs/p1//../p2/a.txt',
    './outputs/p1/a.txt',
    '/outputs/p1/a.txt',
    'outputs/%70%32/a.txt',
    'OUTPUTS/p1/a.txt',
    'requests/p1/j1/x.json',
    'held/p1/j1/1/x.json',
    'chunks/p1/j1/1/root/0.json',
    'manifests/p1/j1/1/0.json',
    // The role of the API may not read these: a link would lead to an error.
    'data/p1/a.txt',
    'inbox/p1/a.xml',
    's3://other/outputs/p1/a.txt',
    '',
  ])('have a note and no link for the key %j of a hostile outcome', async (key) => {
    const world = await worldOf(0);
    await putChunk(world, 0, [anItem('1', 'succeeded', { parts: [part('a', { key })] })]);

    const { status, body } = await world.call('GET', RESULT);

    expect(status).toBe(200);
    expect(body).toEqual([
      {
        itemId: '1',
        filename: 'a.txt',
        mimeType: 'text/plain',
        sizeBytes: 7,
        note: expect.stringContaining('so it has no link'),
      },
    ]);
  });

  test.each([
    's3://other/a.txt',
    's3://./own/outputs/p1/a.txt',
    'javascript:alert(1)',
    'file:///proc/1/environ',
  ])('have no link for the url %s of a hostile outcome', async (url) => {
    const world = await worldOf(0);
    const hostile = part('a', { key: undefined, url });
    const both = part('b', { url });
    await putChunk(world, 0, [anItem('1', 'succeeded', { parts: [hostile, both] })]);

    const { body } = await world.call('GET', RESULT);

    expect(body.map((entry: { url?: string }) => entry.url)).toEqual([
      'https://bucket.test/outputs/p1/j1/1/b?get',
    ]);
  });
});
