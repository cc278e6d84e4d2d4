import { type SplitMessage, splitMessage } from '#contract/messages.ts';
import { Meter } from '#core/meter.ts';
import { STRAGGLER_MILLIS } from '#core/stragglers.ts';
import { dispatchJobs } from '../../../functions/dispatch-jobs/dispatch-jobs.ts';
import { createJob, readJob } from '../../../functions/store/jobs.ts';
import { sweepJobs } from '../../../functions/sweep-jobs/sweep-jobs.ts';
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
    /** The sweep that comes once nobody can be at the work of a job any more that ended before. */
    async sweepLater(): Promise<void> {
      world.clock.advance(STRAGGLER_MILLIS);
      await sweepJobs({ ...world, meter: new Meter() }, NEVER);
    },
    splits: (): SplitMessage[] =>
      world.queues.receive('split', 100).map(({ body }) => splitMessage.parse(JSON.parse(body))),
    create: () => createJob(world.table, aDraft(), { body: '{"batch":{}}' }),
    job: () => readJob(world.table, JOB),
  };
}
type Dispatcher = ReturnType<typeof aDispatcher>;

/** Lets the call of that number fail, before or after its effect, until it is stopped; that tells how many there were. */
function failAt(world: World, at: number, when: 'before' | 'after'): () => number {
  let calls = 0;
  let isOn = true;
  const guarded = <A extends unknown[], T>(call: (...args: A) => Promise<T>) => {
    return async (...args: A): Promise<T> => {
      if (isOn) calls += 1;
      const fails = isOn && calls === at;
      if (fails && when === 'before') throw new Error('crash');
      const answer = await call(...args);
      if (fails) throw new Error('crash');
      return answer;
    };
  };
  const { table, queues, objects } = world;
  table.get = guarded(table.get.bind(table));
  table.write = guarded(table.write.bind(table));
  table.transact = guarded(table.transact.bind(table));
  table.query = guarded(table.query.bind(table));
  queues.send = guarded(queues.send.bind(queues));
  objects.list = guarded(objects.list.bind(objects));
  objects.delete = guarded(objects.delete.bind(objects));
  return () => {
    isOn = false;
    return calls;
  };
}

/** Does a step with a crash at each of its calls in turn, then as often as the stream repeats it. */
export async function withEveryCrash(
  prepare: (dispatcher: Dispatcher) => Promise<unknown>,
  check: (dispatcher: Dispatcher) => Promise<void>,
): Promise<number> {
  for (let at = 1; ; at += 1) {
    for (const when of ['before', 'after'] as const) {
      const dispatcher = aDispatcher();
      await prepare(dispatcher);
      const rows = dispatcher.owed();
      const stop = failAt(dispatcher, at, when);

      for (const row of rows) await dispatcher.dispatch(row, NEVER).catch(() => undefined);
      const calls = stop();
      for (const row of rows) await dispatcher.dispatch(row, NEVER);
      await dispatcher.followStream();

      await check(dispatcher);
      if (calls < at) return at - 1;
    }
  }
}
