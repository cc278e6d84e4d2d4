import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { childPath, ROOT, type TaskPath } from '#core/task-path.ts';
import { failureRow } from '../../functions/store/failures.ts';
import { NEW_FENCE, saveFence } from '../../functions/store/fences.ts';
import { failureKey, pageKey, progressKey, requestKey } from '../../functions/store/keys.ts';
import {
  OBJECT_AREAS,
  objectPrefix,
  requestObjectKey,
  uploadKey,
} from '../../functions/store/object-keys.ts';
import { addProgress } from '../../functions/store/progress.ts';
import { clearTracking, removeJob } from '../../functions/store/removal.ts';
import { aTracker, chunk } from '../functions/track-results/a-tracker.ts';
import { anyTree, reportOf, sealOf, type TreeNode, toldOf } from '../functions/track-results/any-tree.ts';
import { FailingCall } from '../support/failing-call.ts';
import { JOB, RUN } from '../support/jobs.ts';
import type { MemoryTable } from '../support/memory/table.ts';
import { memoryWorld } from '../support/memory/world.ts';

const NEVER = () => false;
const isTracking = (key: string) => !key.includes('H#') && !key.includes('PARTITION');
const OTHER = { ...RUN, runNumber: 2 };

function keysOf(table: MemoryTable): string[] {
  return [...table.rows()].map(({ pk, sk }) => `${pk} ${sk}`).toSorted();
}

async function saveFences(table: MemoryTable, tree: TreeNode, path: TaskPath = ROOT): Promise<void> {
  await saveFence(table, RUN, path, { ...NEW_FENCE, next: tree.children.length, sealed: true }, 0);
  for (const [index, child] of tree.children.entries()) {
    if ('children' in child) await saveFences(table, child, childPath(path, index));
  }
}

describe('clearing the tracking of a job', () => {
  test.each([0, 1, 255, 256, 257, 65_535, 65_536, 65_537])('leaves no page of %i children', async (count) => {
    const tracker = await aTracker();
    await saveFence(tracker.table, RUN, '', { ...NEW_FENCE, next: count, sealed: true }, 0);
    await tracker.tell(reportOf(Array.from({ length: count }, (_, index) => chunk(index))));
    await tracker.tell(sealOf('', count));
    const pages = keysOf(tracker.table).filter((key) => key.endsWith(' P')).length;

    const isDone = await clearTracking(tracker, RUN, NEVER);

    expect(isDone).toBe(true);
    expect(pages).toBeGreaterThan(0);
    expect(
      [...tracker.table.rows()]
        .map(({ sk }) => sk)
        .filter(isTracking)
        .toSorted(),
    ).toEqual(['JOB', 'JOB#PROGRESS#1', 'REQUEST#1']);
  });

  test('leaves no page and no fence of any tree, and is repeatable', async () => {
    await fc.assert(
      fc.asyncProperty(anyTree, async (tree) => {
        const tracker = await aTracker();
        const before = keysOf(tracker.table);
        await saveFences(tracker.table, tree);
        for (const one of toldOf(tree)) {
          await tracker.tell('children' in one ? sealOf(one.path, one.children) : reportOf([one]));
        }

        await clearTracking(tracker, RUN, NEVER);
        await clearTracking(tracker, RUN, NEVER);

        expect(keysOf(tracker.table).filter((key) => !key.includes('PROGRESS') && isTracking(key))).toEqual(
          before.filter(isTracking),
        );
      }),
      { numRuns: 25 },
    );
  });

  test('leaves the pages of another run', async () => {
    const { table, objects } = memoryWorld();
    for (const run of [RUN, OTHER]) {
      await saveFence(table, run, '', { ...NEW_FENCE, next: 1 }, 0);
      await table.write({
        kind: 'put',
        row: { ...pageKey(run, '', { level: 0, page: 0 }), d: new Set([0n]) },
      });
    }

    await clearTracking({ table, objects }, RUN, NEVER);

    expect([...table.rows()].every(({ pk }) => pk.includes('#R2#'))).toBe(true);
    expect([...table.rows()]).toHaveLength(2);
  });
});

/** Creates data of every kind for two runs, and data of the partition. */
async function aWorldOfRows(failures: number, objectsPerArea: number) {
  const world = memoryWorld();
  const { table, objects } = world;
  for (const run of [RUN, OTHER]) {
    const requestObject = requestObjectKey(JOB, `request-${run.runNumber}`);
    await saveFence(table, run, '', { ...NEW_FENCE, next: 600, sealed: true }, 0);
    for (let page = 0; page < 3; page += 1) {
      await table.write({ kind: 'put', row: { ...pageKey(run, '', { level: 0, page }) } });
    }
    await addProgress(table, run, { found: 1 }, { now: 0 });
    await table.write({ kind: 'put', row: { ...requestKey(run), key: requestObject } });
    await objects.put(requestObject, '{}');
    for (let i = 0; i < failures; i += 1)
      await table.write({ kind: 'put', row: failureRow(run, aFailure(i)) });
    for (const area of OBJECT_AREAS) {
      for (let i = 0; i < objectsPerArea; i += 1) await objects.put(`${objectPrefix(area, run)}${i}`, 'x');
    }
  }
  await objects.put(uploadKey('p', 'u1'), 'x');
  await objects.put(
    objectPrefix('outcomes', { ...RUN, job: 'j2' }),
    'of another job whose ID has the same prefix',
  );
  await objects.put(objectPrefix('outcomes', { ...RUN, runNumber: 11 }), 'of the eleventh runNumber');
  return world;
}

function aFailure(i: number) {
  const words = { failureMessage: 'no', failureSource: 'x', code: 'no' };
  return { failureId: `root/0/${i}`, failureTime: 0, attempts: 1, ...words };
}

const isOfTheOther = (text: string) => /#R2|#2$|\/2\/|request-2/.test(text);

describe('removing a job', () => {
  test('leaves no row and no object of its run, and keeps those of others', async () => {
    const { table, objects } = await aWorldOfRows(1_200, 1_100);
    const rows = keysOf(table).filter(isOfTheOther);
    const kept = [uploadKey('p', 'u1'), 'outcomes/p/j2/1/', 'outcomes/p/j/11/'];
    const others = objects.keys().filter((key) => isOfTheOther(key) || kept.includes(key));

    const isDone = await removeJob({ table, objects }, RUN, NEVER);

    expect(isDone).toBe(true);
    expect(keysOf(table)).toEqual(rows);
    expect(rows.length).toBeGreaterThan(1_200);
    expect(objects.keys()).toEqual(others);
    expect(others.length).toBeGreaterThan(7 * 1_100);
  });

  test('continues after its time was up, and completes', async () => {
    const { table, objects } = await aWorldOfRows(1_200, 1_100);
    let rounds = 0;

    for (let isDone = false; !isDone && rounds < 20; rounds += 1) {
      // Enough to show that nothing is left.
      let looks = 0;
      const isOver = () => {
        looks += 1;
        return looks > 28;
      };
      isDone = await removeJob({ table, objects }, RUN, isOver);
      expect(isDone).toBe(looks <= 28);
    }

    expect(rounds).toBeGreaterThan(1);
    expect(keysOf(table).every(isOfTheOther)).toBe(true);
  });

  test.each(['before', 'after'] as const)(
    'can crash %s any write and completes when repeated',
    async (when) => {
      let at = 0;
      for (let isStruck = true; isStruck; ) {
        at += 1;
        const { table, objects } = await aWorldOfRows(3, 2);
        const fault = new FailingCall(at, when);
        fault.guard(table, 'write', 'transact');
        fault.guard(objects, 'delete');

        const [crashed] = await Promise.allSettled([removeJob({ table, objects }, RUN, NEVER)]);
        fault.stop();
        isStruck = fault.calls >= at;
        await removeJob({ table, objects }, RUN, NEVER);

        expect([at, crashed.status]).toEqual([at, isStruck ? 'rejected' : 'fulfilled']);
        expect(keysOf(table).every(isOfTheOther)).toBe(true);
        expect(objects.keys().filter((key) => key.includes('/1/') || key.includes('request-1'))).toEqual([
          'outcomes/p/j2/1/',
        ]);
      }
      expect(at).toBeGreaterThan(10);
    },
  );

  test('without any data completes immediately', async () => {
    const { table, objects } = memoryWorld();

    expect(await removeJob({ table, objects }, RUN, NEVER)).toBe(true);
    expect((await table.query({ pk: failureKey(RUN, '').pk })).rows).toEqual([]);
    expect((await table.get(progressKey(RUN))).row).toBeUndefined();
  });
});
