import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { TaskView } from '#contract/task-view.ts';
import { PermanentFailure } from '#core/errors.ts';
import { batch, defineSplitter, item } from '#core/splitter.ts';
import { defineWorker } from '../../../functions/kit/define-worker.ts';
import { memoryService } from '../../support/memory-service.ts';
import { aFlowService, items, step } from '../templates/a-flow.ts';
import { type ApiWorld, apiWorld, createdJob, JOBS } from './api-world.ts';

const KEY = { partition: 'p1', job: 'j' };
const TASKS = `${JOBS}/j/tasks`;

async function tasksOf(api: ApiWorld, query = ''): Promise<TaskView[]> {
  const tasks: TaskView[] = [];
  for (let next: string | undefined = query; next !== undefined; ) {
    const { status, body, headers, text } = await api.call('GET', TASKS, { query: next });
    if (status !== 200) throw new Error(text);
    tasks.push(...body);
    next = /<\?([^>]+)>/.exec(headers['Link'] ?? '')?.[1];
  }
  return tasks;
}

const tree = z.strictObject({ batches: z.int(), items: z.int() });

/** Halves itself `batches` times, with items beside the batches; each seventh item fails. */
function aTree() {
  const halving = defineSplitter<z.infer<typeof tree>>({
    name: 'halving',
    description: '',
    definition: tree,
    stable: true,
    *split({ batches, items: count }) {
      for (let i = 0; i < count; i += 1) yield item(String(i));
      if (batches > 0) yield batch({ batches: batches - 1, items: count * 2 });
      if (batches > 1) yield batch({ batches: 0, items: count });
    },
  });
  const seventh = defineWorker({
    name: 'seventh',
    parameters: z.unknown(),
    run({ id }, context) {
      if (Number(id) % 7 === 6) throw new PermanentFailure('seventh', 'no');
      if (Number(id) % 7 === 5) context.skip();
    },
  });
  const service = memoryService({ workers: [seventh], splitters: [halving] });
  const { table, objects, clock, random, log } = service;
  return { service, api: apiWorld({ table, objects, clock, random, log }) };
}

describe('GET tasks', () => {
  test('shows each level of the tree with its counts while the job runs', async () => {
    const { service, api } = aTree();
    const plan = { splitter: 'halving', worker: 'seventh', itemsPerTask: 4 };
    await service.submit(plan, { definition: { batches: 3, items: 10 } }, KEY);
    const seen = new Set<string>();

    const look = async (parent: string): Promise<NonNullable<TaskView['items']>> => {
      const sum = { succeeded: 0, failed: 0, skipped: 0 };
      for (const task of await tasksOf(api, `limit=3&parent=${parent}`)) {
        seen.add(`${task.kind} ${task.state}`);
        const below = task.kind === 'chunk' ? undefined : await look(task.path);
        if (task.state === 'complete' && below !== undefined) expect(task.items).toEqual(below);
        const counted = task.items ?? below;
        sum.succeeded += counted?.succeeded ?? 0;
        sum.failed += counted?.failed ?? 0;
        sum.skipped += counted?.skipped ?? 0;
      }
      return sum;
    };
    while ((await service.view(KEY))?.job.status !== 'Completed') {
      await look('');
      await service.step();
      service.clock.advance(10);
    }
    const { succeeded, failed, skipped } = await look('');

    expect([...seen].toSorted()).toEqual([
      'batch complete',
      'batch working',
      'chunk complete',
      'chunk sent',
      'task sent',
    ]);
    const { totals } = (await service.view(KEY))?.job ?? {};
    expect({ items: succeeded + failed + skipped, failed, skipped }).toEqual(totals);
    expect(failed).toBeGreaterThan(0);
    expect(skipped).toBeGreaterThan(0);
  });

  test('shows the steps of a template with their outcomes, also when the job is final', async () => {
    const flow = aFlowService();
    await flow.submit(
      {
        steps: [step('a', { fail: ['1'] }), step('b', { skip: ['2'] })],
      },
      items('1', '2', '3'),
    );
    await flow.service.drain();

    expect(await tasksOf(flow.api)).toEqual([
      {
        path: '0',
        kind: 'step',
        state: 'complete',
        step: 'a',
        outcome: 'COMPLETED_WITH_FAILURES',
        children: 1,
        items: { succeeded: 2, failed: 1, skipped: 0 },
      },
      {
        path: '1',
        kind: 'step',
        state: 'complete',
        step: 'b',
        outcome: 'COMPLETED',
        children: 1,
        items: { succeeded: 1, failed: 0, skipped: 1 },
      },
    ]);
    expect(await tasksOf(flow.api, 'parent=1')).toEqual([
      { path: '1.0', kind: 'chunk', state: 'complete', items: { succeeded: 1, failed: 1, skipped: 1 } },
    ]);
  });

  test('shows the recorded outcomes of a running step, without earlier failures', async () => {
    const flow = aFlowService();
    await flow.submit(
      { itemsPerTask: 1, steps: [step('a', { fail: ['1'] }), step('b', { fail: ['2'] })] },
      items(...Array.from({ length: 24 }, (_, i) => String(i + 1))),
    );
    const stepB = async () => (await tasksOf(flow.api)).find((task) => task.step === 'b');

    let b = await stepB();
    while ((b?.items?.succeeded ?? 0) === 0) {
      await flow.service.step();
      flow.service.clock.advance(1_000);
      b = await stepB();
    }

    const done = flow.trace().filter((seen) => seen.startsWith('b:')).length;
    expect(done).toBeLessThan(23);
    expect(b).toEqual({
      path: '1',
      kind: 'step',
      state: 'working',
      step: 'b',
      children: 24,
      items: { succeeded: done - 1, failed: 1, skipped: 0 },
    });
  });

  test('of a job that waits, and of a chunk, is empty', async () => {
    const api = apiWorld();
    await createdJob(api, 'j');

    expect(await tasksOf(api)).toEqual([]);
    expect(await tasksOf(api, 'parent=0.1')).toEqual([]);
  });

  test.each(['x', '1.', '.1', '-1', '1..2', 'root'])('refuses %s for a parent', async (parent) => {
    const api = apiWorld();
    await createdJob(api, 'j');

    const { status, body } = await api.call('GET', TASKS, { query: `parent=${parent}` });

    expect([status, body.errors[0].parameter]).toEqual([400, 'parent']);
  });

  test('of a job that is not there is a 404', async () => {
    expect((await apiWorld().call('GET', TASKS)).status).toBe(404);
  });
});
