import * as v from 'valibot';
import { type SplitMessage, splitMessage } from '#contract/messages.ts';
import { Meter } from '#core/meter.ts';
import { STRAGGLER_MILLIS } from '#core/stragglers.ts';
import { dispatchJobs } from '../../../functions/dispatch-jobs/dispatch-jobs.ts';
import { insertJob } from '../../../functions/store/insert-job.ts';
import { readJob } from '../../../functions/store/jobs.ts';
import { sweepJobs } from '../../../functions/sweep-jobs/sweep-jobs.ts';
import { FailingCall } from '../../support/failing-call.ts';
import { aDraft, JOB } from '../../support/jobs.ts';
import { memoryWorld, type World } from '../../support/memory/world.ts';

export const NEVER = () => false;

/** The dispatcher, and a stream that it follows to the end. */
export function aDispatcher(world: World = memoryWorld()) {
  const dispatch = dispatchJobs({ ...world, meter: new Meter() });
  const owed = () => world.table.takeChanges().flatMap(({ new: row }) => (row?.['followUp'] ? [row] : []));
  return {
    ...world,
    dispatch,
    owed,
    async followStream(isOver = NEVER): Promise<number> {
      for (let rounds = 0; ; rounds += 1) {
        const rows = owed();
        if (rows.length === 0) return rounds;
        for (const row of rows) await dispatch(row, isOver);
      }
    },
    /** Runs the sweep at a time when no late worker can still write for a final job. */
    async sweepLater(): Promise<void> {
      world.clock.advance(STRAGGLER_MILLIS);
      await sweepJobs({ ...world, meter: new Meter() }, NEVER);
    },
    splits: (): SplitMessage[] =>
      world.queues.receive('split', 100).map(({ body }) => v.parse(splitMessage, JSON.parse(body))),
    create: () => insertJob(world.table, aDraft(), { body: '{"batch":{}}' }),
    job: () => readJob(world.table, JOB),
  };
}
type Dispatcher = ReturnType<typeof aDispatcher>;

function failAt({ table, queues, objects }: World, at: number, when: 'before' | 'after'): FailingCall {
  const failing = new FailingCall(at, when);
  failing.guard(table, 'get', 'write', 'transact', 'query');
  failing.guard(queues, 'send');
  failing.guard(objects, 'list', 'delete');
  return failing;
}

/** Runs a follow-up with a crash at each of its calls in turn, then repeats it as the stream does. */
export async function withEveryCrash(
  prepare: (dispatcher: Dispatcher) => Promise<unknown>,
  check: (dispatcher: Dispatcher) => Promise<void>,
): Promise<number> {
  for (let at = 1; ; at += 1) {
    for (const when of ['before', 'after'] as const) {
      const dispatcher = aDispatcher();
      await prepare(dispatcher);
      const rows = dispatcher.owed();
      const failing = failAt(dispatcher, at, when);

      for (const row of rows) await dispatcher.dispatch(row, NEVER).catch(() => undefined);
      failing.stop();
      for (const row of rows) await dispatcher.dispatch(row, NEVER);
      await dispatcher.followStream();

      await check(dispatcher);
      if (failing.calls < at) return at - 1;
    }
  }
}
