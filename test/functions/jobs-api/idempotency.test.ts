import { describe, expect, test } from 'vitest';
import type { Table } from '#core/ports.ts';
import { interleavedTable } from '../../support/interleaved-table.ts';
import { memoryWorld } from '../../support/memory/world.ts';
import { type ApiWorld, apiWorld, BODY, createdJob, JOBS } from './api-world.ts';

const HEADERS = { 'Idempotency-Key': 'k1' };
const SEEDS = Array.from({ length: 20 }, (_, seed) => seed);
const DAY = 24 * 60 * 60 * 1000;

/** An API whose reads and writes overtake each other in an order that the seed decides. */
function interleavedWorld(seed: number): ApiWorld {
  const { random } = memoryWorld({ seed });
  const plain = apiWorld();
  const { table, objects, clock } = plain;
  return { ...apiWorld({ ...plain, table: interleavedTable(table, random) }), table, objects, clock };
}

async function cancelledJob(world: ApiWorld, id: string): Promise<string> {
  const path = await createdJob(world, id);
  await world.call('POST', `${path}/cancel`);
  return path;
}

describe('concurrent requests with one Idempotency-Key', () => {
  test.each(SEEDS)('30 POSTs create one job, and all get it (seed %i)', async (seed) => {
    const world = interleavedWorld(seed);

    const answers = await Promise.all(
      Array.from({ length: 30 }, () => world.call('POST', JOBS, { body: BODY, headers: HEADERS })),
    );

    expect(new Set(answers.map(({ status, body }) => `${status} ${body.code ?? body.id}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(201);
    expect((await world.call('GET', JOBS)).body).toHaveLength(1);
  });

  test.each(SEEDS)('30 resubmits create one job, and all get it (seed %i)', async (seed) => {
    const world = interleavedWorld(seed);
    const path = await cancelledJob(world, 'source');

    const answers = await Promise.all(
      Array.from({ length: 30 }, () => world.call('POST', `${path}/resubmit`, { headers: HEADERS })),
    );

    expect(new Set(answers.map(({ status, body }) => `${status} ${body.code ?? body.id}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(201);
    expect((await world.call('GET', JOBS)).body).toHaveLength(2);
  });

  test.each(SEEDS)(
    'of two bodies one is created, and the other is refused each time (seed %i)',
    async (seed) => {
      const world = interleavedWorld(seed);
      const send = (name: string) => world.call('POST', JOBS, { body: { ...BODY, name }, headers: HEADERS });

      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, position) => send(position % 2 === 0 ? 'even' : 'odd')),
      );

      const [job] = (await world.call('GET', JOBS)).body;
      for (const [position, { status, body }] of answers.entries()) {
        const isWinner = job.name === (position % 2 === 0 ? 'even' : 'odd');
        expect(isWinner ? [status, body.id] : [status, body.code]).toEqual(
          isWinner ? [201, job.id] : [422, 'idempotency-key-reused'],
        );
      }
    },
  );

  test.each(SEEDS)('a deletion in between never brings the job back (seed %i)', async (seed) => {
    const world = interleavedWorld(seed);
    const create = () => world.call('POST', JOBS, { body: BODY, headers: HEADERS });
    const first = await create();

    const [removed, ...answers] = await Promise.all([
      world.call('DELETE', `${JOBS}/${first.body.id}`),
      ...Array.from({ length: 10 }, create),
    ]);

    expect(removed?.status).toBe(204);
    for (const { status, body } of answers)
      expect([first.body.id, 'idempotency-key-spent']).toContain(status === 201 ? body.id : body.code);
    expect((await world.call('GET', JOBS)).body).toEqual([]);
    expect((await create()).body.code).toBe('idempotency-key-spent');
  });

  test('leave no captured request behind beside that of the job', async () => {
    const world = interleavedWorld(1);
    const body = { ...BODY, externalData: 'x'.repeat(9_000) };

    await Promise.all(Array.from({ length: 10 }, () => world.call('POST', JOBS, { body, headers: HEADERS })));

    expect(world.objects.keys().filter((key) => key.startsWith('requests/'))).toHaveLength(1);
  });
});

describe('an Idempotency-Key', () => {
  test('is not spent by a request that is refused', async () => {
    const world = apiWorld();
    const wrong = { batch: { ...BODY.batch, worker: 'no' } };

    const refused = await world.call('POST', JOBS, { body: wrong, headers: HEADERS });
    const created = await world.call('POST', JOBS, { body: BODY, headers: HEADERS });

    expect([refused.status, created.status]).toEqual([400, 201]);
  });

  test('finds the job whose creation got no reply', async () => {
    const world = apiWorld();
    const deaf = apiWorld({ ...world, table: replyLost(world.table) });

    const first = await deaf.call('POST', JOBS, { body: BODY, headers: HEADERS });
    const again = await world.call('POST', JOBS, { body: BODY, headers: HEADERS });

    expect([first.status, again.status, again.body.id]).toEqual([201, 201, first.body.id]);
    expect((await world.call('GET', JOBS)).body).toHaveLength(1);
  });

  test('belongs to its job when another caller deleted and created the id again', async () => {
    const world = apiWorld();
    const { body } = await world.call('POST', JOBS, { body: BODY, headers: HEADERS });
    await world.call('DELETE', `${JOBS}/${body.id}`);
    await createdJob(world, body.id, { ...BODY, name: 'another' });

    const again = await world.call('POST', JOBS, { body: BODY, headers: HEADERS });

    expect([again.status, again.body.code]).toEqual([409, 'idempotency-key-spent']);
  });

  test('is valid for 30 days, and free afterwards even if its row still exists', async () => {
    const world = apiWorld();
    const create = () => world.call('POST', JOBS, { body: BODY, headers: HEADERS });
    const first = await create();

    world.clock.advance(29 * DAY);
    const late = await create();
    world.clock.advance(2 * DAY);
    const later = await create();

    expect(late.body.id).toBe(first.body.id);
    expect(later.status).toBe(201);
    expect(later.body.id).not.toBe(first.body.id);
  });

  test('of a resubmission finds its job though the old one is deleted since', async () => {
    const world = apiWorld();
    const path = await cancelledJob(world, 'source');
    const first = await world.call('POST', `${path}/resubmit`, { headers: HEADERS });
    await world.call('DELETE', path);

    const again = await world.call('POST', `${path}/resubmit`, { headers: HEADERS });

    expect([again.status, again.body.id]).toEqual([201, first.body.id]);
  });

  test('is refused for the resubmission of another job', async () => {
    const world = apiWorld();
    const [one, other] = [await cancelledJob(world, 'one'), await cancelledJob(world, 'other')];
    await world.call('POST', `${one}/resubmit`, { headers: HEADERS });

    const { status, body } = await world.call('POST', `${other}/resubmit`, { headers: HEADERS });

    expect([status, body.code]).toEqual([422, 'idempotency-key-reused']);
  });
});

function replyLost(table: Table): Table {
  return {
    get: (key, options) => table.get(key, options),
    write: (write, returns) => table.write(write, returns),
    query: (query) => table.query(query),
    async transact(writes) {
      await table.transact(writes);
      throw new Error('the connection broke');
    },
  };
}
