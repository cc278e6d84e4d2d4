import { describe, expect, test } from 'vitest';
import type { Table } from '#core/ports.ts';
import { findCycle, readPrerequisiteStates } from '../../functions/store/dependents.ts';
import { insertJob } from '../../functions/store/insert-job.ts';
import { aDraft } from '../support/jobs.ts';
import { memoryWorld } from '../support/memory/world.ts';

const GOAL = { partition: 'p', job: 'goal' };

/** Counts the rows that are read. */
function counting(table: Table): { table: Table; reads: () => number } {
  let reads = 0;
  return {
    reads: () => reads,
    table: {
      get(key, options) {
        reads += 1;
        return table.get(key, options);
      },
      query: (query) => table.query(query),
      write: (write) => table.write(write),
      transact: (writes) => table.transact(writes),
    },
  };
}

async function waitingJob(table: Table, job: string, prerequisites: readonly string[]): Promise<void> {
  const named = prerequisites.map((id) => ({ job: id, since: 1 }));
  await insertJob(table, aDraft({ job, prerequisites: named }), { body: '{}' });
}

/**
 * Creates jobs in layers; each job waits for all jobs of the previous layer. Returns the ids of the last
 * layer.
 */
async function layered(
  table: Table,
  layers: number,
  width: number,
  roots: readonly string[],
): Promise<string[]> {
  let before = roots;
  for (let layer = 0; layer < layers; layer += 1) {
    const ids = Array.from({ length: width }, (_, position) => `l${layer}-${position}`);
    for (const id of ids) await waitingJob(table, id, before);
    before = ids;
  }
  return [...before];
}

async function search(table: Table, prerequisites: readonly string[]) {
  const counted = counting(table);
  const known = await readPrerequisiteStates(counted.table, 'p', prerequisites);
  const found = await findCycle(counted.table, GOAL, prerequisites, known);
  return { found, reads: counted.reads() };
}

describe.each([
  [4, 42],
  [6, 90],
])('%i layers of %i jobs', (layers, width) => {
  test('are searched with one read per job', async () => {
    const { table } = memoryWorld();
    await waitingJob(table, 'later', ['goal']);
    const last = await layered(table, layers, width, ['root']);

    const { found, reads } = await search(table, last);

    expect(found).toEqual({ kind: 'none' });
    expect(reads).toBeLessThanOrEqual(layers * width + 1);
    expect(reads).toBeGreaterThanOrEqual(layers * width);
  });

  test('have a cycle that is found and listed', async () => {
    const { table } = memoryWorld();
    const last = await layered(table, layers, width, ['goal']);

    const { found, reads } = await search(table, last);

    const way = found.kind === 'cycle' ? found.ids : [];
    expect([way.length, way[0], way.at(-1)]).toEqual([layers + 2, 'goal', 'goal']);
    expect(way.slice(1, -1).map((id) => id.split('-')[0])).toEqual(
      Array.from({ length: layers }, (_, at) => `l${layers - 1 - at}`),
    );
    expect(reads).toBeLessThanOrEqual(layers * width);
  });
});

test('a job that no other job waits for needs no search', async () => {
  const { table } = memoryWorld();
  const last = await layered(table, 4, 42, ['root']);

  const { found, reads } = await search(table, last);

  expect(found).toEqual({ kind: 'none' });
  expect(reads).toBe(42);
});

test('a job that waits for itself is a cycle', async () => {
  const { table } = memoryWorld();

  expect((await search(table, ['a', 'goal'])).found).toEqual({ kind: 'cycle', ids: ['goal', 'goal'] });
});

test('a graph beyond the limit ends the search with the number', async () => {
  const { table } = memoryWorld();
  await waitingJob(table, 'later', ['goal']);
  for (let i = 0; i < 2_100; i += 1) await waitingJob(table, `c${i}`, [`c${i + 1}`]);

  const { found, reads } = await search(table, ['c0']);

  expect(found).toEqual({ kind: 'too-large', limit: 2_000 });
  expect(reads).toBeLessThanOrEqual(2_001);
});
