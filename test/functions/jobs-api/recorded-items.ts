import { moveJob } from '../../../functions/store/jobs.ts';
import { recordLines } from '../../support/outcomes.ts';
import { type ApiWorld, apiWorld, BATCH, createdJob, JOBS } from './api-world.ts';

export const RUN = { partition: 'p1', job: 'j1', runNumber: 1 };
export const ITEMS = `${JOBS}/j1/items`;
export const RESULT = `${JOBS}/j1/result`;

export type Outcome = 'succeeded' | 'failed' | 'skipped';

export function anItem(id: string, outcome: Outcome = 'succeeded', more: object = {}) {
  return { id, path: '', outcome, attempts: 1, ...more };
}

export async function putChunk(
  world: ApiWorld,
  index: number,
  items: readonly object[],
  path = '',
): Promise<void> {
  const lines = items.map((item) => `${JSON.stringify(item)}\n`).join('');
  await recordLines(world, RUN, { index, path }, lines);
}

/** Chunks of three items; the second of each has failed. */
export async function worldOf(chunks: number): Promise<ApiWorld> {
  const world = apiWorld();
  await createdJob(world, 'j1', { batch: { ...BATCH, itemsPerTask: 3 } });
  await moveJob(world.table, RUN, 'dispatch', { now: 1 });
  for (let i = 0; i < chunks; i += 1) {
    await putChunk(world, i, [anItem(`${i}a`), anItem(`${i}b`, 'failed'), anItem(`${i}c`)]);
  }
  return world;
}

export async function allPages(world: ApiWorld, path: string, query: string) {
  const entries: { id: string; itemId?: string; filename: string }[] = [];
  const sizes: number[] = [];
  for (let next: string | undefined = query; next !== undefined; ) {
    const { body, headers } = await world.call('GET', path, { query: next });
    entries.push(...body);
    sizes.push(body.length);
    next = /<\?([^>]+)>/.exec(headers['Link'] ?? '')?.[1];
  }
  return { entries, ids: entries.map(({ id }) => id), sizes };
}
