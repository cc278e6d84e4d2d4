import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { PermanentFailure } from '#core/errors.ts';
import type { Item } from '#core/item.ts';
import { defineWorker } from '../../../functions/kit/define-worker.ts';
import { type MemoryServiceOptions, memoryService, type PlanInput } from '../../support/memory-service.ts';

const former = { partition: 'p', job: 'former' };

const maker = defineWorker({
  name: 'maker',
  parameters: z.unknown(),
  async run(item, context) {
    if (Number(item.payload) % 10 === 3) throw new PermanentFailure('three', 'it ends in 3');
    await context.putPart({ filename: 'n.txt', mimeType: 'text/plain', body: `${item.payload}` });
    return { n: item.payload };
  },
});

async function afterFormer(
  options: { size?: number; plan?: Partial<PlanInput> } & Partial<MemoryServiceOptions> = {},
) {
  const items: Item[] = [];
  const { size = 60, plan = {}, ...rest } = options;
  const seen = defineWorker({
    name: 'seen',
    parameters: z.unknown(),
    run(item) {
      items.push(item);
    },
  });
  const service = memoryService({ workers: [maker, seen], ...rest });
  await service.submit(
    { splitter: 'range', worker: 'maker', itemsPerTask: 7, ...plan },
    { definition: { from: 0, to: size } },
    former,
  );
  await service.drain();
  return {
    service,
    items,
    async results(definition: Record<string, unknown>, itemsPerTask = 25) {
      await service.submit(
        { splitter: 'job-results', worker: 'seen', itemsPerTask },
        { definition: { job: 'former', ...definition } },
      );
      await service.drain();
      const { rows } = await service.table.query({ pk: 'P#p#J#j#R1', begins: 'F#' });
      return { job: (await service.view())?.job, failure: rows[0] };
    },
  };
}

const numbers = (items: readonly Item[]) => items.map(({ id }) => Number(id)).sort((a, b) => a - b);

describe('the items of a former job', () => {
  test('are read with their outcome and their parts', async () => {
    const { results, items } = await afterFormer();

    const { job } = await results({});

    expect(job).toMatchObject({ status: 'Completed', totals: { items: 60 } });
    expect(numbers(items)).toEqual(Array.from({ length: 60 }, (_, i) => i));
    const four = items.find(({ id }) => id === '4');
    expect(four).toMatchObject({
      payload: { id: '4', outcome: 'succeeded', attempts: 1, output: { n: 4 } },
      parts: [{ filename: 'n.txt', key: expect.stringMatching(/^outputs\/p\/former\//) }],
    });
    const three = items.find(({ id }) => id === '3');
    expect(three).toMatchObject({ payload: { outcome: 'failed', failure: { code: 'three' } } });
    expect(three?.parts).toBeUndefined();
  });

  test.for([
    [{ outcome: 'failed' }, [3, 13, 23, 33, 43, 53]],
    [{ outcome: 'succeeded', filter: { itemIds: ['1', '3', '12', 'none'] } }, [1, 12]],
    [{ filter: { codes: ['three'], itemIds: ['13', '14'] } }, [13]],
    [{ outcome: 'skipped' }, []],
  ] as const)('are filtered by %j', async ([definition, expected]) => {
    const { results, items } = await afterFormer();

    await results(definition);

    expect(numbers(items)).toEqual(expected);
  });

  test('of many objects are read once each, for any number of interruptions', async () => {
    const { results, items } = await afterFormer({ size: 3_000, isSplitTimeUp: () => true });

    const { job } = await results({ outcome: 'succeeded' }, 5);

    expect(job).toMatchObject({ status: 'Completed', totals: { items: 2_700 } });
    expect(numbers(items)).toEqual(Array.from({ length: 3_000 }, (_, i) => i).filter((n) => n % 10 !== 3));
  });
});

describe('groups', () => {
  const covered = (items: readonly Item[]) =>
    items.map(({ payload }) => payload as { count: number; objects: { from: number; to: number }[] });

  test('name the location of the outcomes and their number', async () => {
    const { results, items } = await afterFormer();

    const { job } = await results({ group: 25 });

    expect(job?.totals?.items).toBe(3);
    expect(items.map(({ id }) => id).sort()).toEqual(['0', '1', '2']);
    const groups = covered(items.toSorted((a, b) => Number(a.id) - Number(b.id)));
    expect(groups.map(({ count }) => count)).toEqual([25, 25, 10]);
    const lines = groups.map(({ objects }) => objects.reduce((sum, { from, to }) => sum + to - from, 0));
    expect(lines).toEqual([25, 25, 10]);
  });

  test('count only outcomes that pass the filter, and are empty if none does', async () => {
    const { results, items } = await afterFormer();
    await results({ outcome: 'failed', group: 4 });
    const groups = covered(items.toSorted((a, b) => Number(a.id) - Number(b.id)));

    expect(groups.map(({ count }) => count)).toEqual([4, 2]);
    const none = await (await afterFormer()).results({ outcome: 'skipped', group: 4 });
    expect(none.job).toMatchObject({ status: 'Completed', totals: { items: 0 } });
  });

  test('go on where splitting was cut off', async () => {
    const { results, items } = await afterFormer({ size: 2_000, isSplitTimeUp: () => true });

    const { job } = await results({ group: 3 });

    expect(job?.totals?.items).toBe(667);
    expect(covered(items).reduce((sum, { count }) => sum + count, 0)).toBe(2_000);
    const places = covered(items).flatMap(({ objects }) => objects.map((place) => JSON.stringify(place)));
    expect(new Set(places).size).toBe(places.length);
  });
});

describe('a former job', () => {
  test('that is unknown, or of another partition, fails the job', async () => {
    const { results, service } = await afterFormer();
    await service.submit(
      { splitter: 'range', worker: 'maker' },
      { definition: { from: 0, to: 1 } },
      { partition: 'q', job: 'theirs' },
    );

    expect((await results({ job: 'theirs' })).failure).toMatchObject({ code: 'job-missing' });
  });

  test('that has not ended fails the job and explains what to do', async () => {
    const { results } = await afterFormer();

    const { job, failure } = await results({ job: 'j' });

    expect(job?.status).toBe('Failed');
    expect(failure).toMatchObject({
      code: 'job-not-over',
      failureMessage: expect.stringMatching(/is Active.*or add '\w+' to prerequisiteJobIds/),
    });
  });

  test('that kept failures only allows a query of failures only', async () => {
    const plan = { outcomes: 'failures' as const };
    const failed = await afterFormer({ plan });

    await failed.results({ outcome: 'failed' });
    const all = await (await afterFormer({ plan })).results({});

    expect(numbers(failed.items)).toEqual([3, 13, 23, 33, 43, 53]);
    expect(all.failure).toMatchObject({ code: 'outcomes-not-kept' });
  });
});
