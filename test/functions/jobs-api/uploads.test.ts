import { expect, test } from 'vitest';
import { type ApiWorld, apiWorld } from './api-world.ts';
import { token } from './tokens.ts';

const UPLOADS = '/partitions/p1/uploads';

async function withUploads(...ids: readonly string[]): Promise<ApiWorld> {
  const world = apiWorld();
  for (const id of ids) {
    world.clock.advance(1_000);
    await world.objects.put(`uploads/p1/${id}`, 'a'.repeat(3));
  }
  return world;
}

test('uploads are listed page by page, with size and time', async () => {
  const world = await withUploads('01-a.csv', '02-b.csv', '03-c.csv');
  await world.objects.put('uploads/p12/00-other.csv', 'b');

  const first = await world.call('GET', UPLOADS, { query: 'limit=2' });
  const next = /<\?(.*?)>/.exec(first.headers['Link'] ?? '')?.[1] ?? '';
  const second = await world.call('GET', UPLOADS, { query: next });

  const now = world.clock.now();
  expect(first.body).toEqual([
    { id: '01-a.csv', sizeBytes: 3, uploadTime: now - 2_000 },
    { id: '02-b.csv', sizeBytes: 3, uploadTime: now - 1_000 },
  ]);
  expect(second.body).toMatchObject([{ id: '03-c.csv' }]);
  expect(second.headers['Link']).toBeUndefined();
});

test('an upload keeps every character of its file name', async () => {
  const world = apiWorld();
  const filename = 'Größe "日本語" 100%; 🎉/u\u0308...';

  const created = await world.call('POST', UPLOADS, { body: { sizeBytes: 1, filename } });
  await world.objects.put(`uploads/p1/${created.body.id}`, 'a');
  const list = await world.call('GET', UPLOADS);
  const deletion = await world.call('DELETE', `${UPLOADS}/${created.body.id}`);

  expect(created.body.filename).toBe(filename);
  expect(created.body.id).toMatch(/^[\w.~-]+$/);
  expect(list.body).toMatchObject([{ id: created.body.id, filename }]);
  expect(deletion.status).toBe(204);
});

test('an upload is deleted, also one in a folder', async () => {
  const world = await withUploads('01-a.csv', 'folder/b.csv');

  const done = await world.call('DELETE', `${UPLOADS}/folder%2Fb.csv`);
  const again = await world.call('DELETE', `${UPLOADS}/folder%2Fb.csv`);

  expect([done.status, again.status, again.body.code]).toEqual([204, 404, 'not-found']);
  expect(world.objects.keys()).toEqual(['uploads/p1/01-a.csv']);
});

test.each(['..%2Fp2%2Fa', '%2e%2e', 'a%2F..%2F..%2Fp2%2Fa', 'a%2F%2Fb'])(
  'an id that would leave the uploads of the partition deletes nothing: %s',
  async (id) => {
    const world = await withUploads('a');
    await world.objects.put('uploads/p2/a', 'b');
    const before = world.objects.keys();

    const { status } = await world.call('DELETE', `${UPLOADS}/${id}`);

    expect(status).toBe(404);
    expect(world.objects.keys()).toEqual(before);
  },
);

test('a viewer lists uploads, but deletes none', async () => {
  const world = await withUploads('a');
  const viewer = token({ role: 'viewer' });

  const list = await world.call('GET', UPLOADS, { token: viewer });
  const deletion = await world.call('DELETE', `${UPLOADS}/a`, { token: viewer });

  expect([list.status, deletion.status]).toEqual([200, 403]);
});
