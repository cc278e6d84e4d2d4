import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideWork, type JobKey } from '#core/job.ts';
import { isFinal, type JobStatus } from '#core/job-status.ts';
import { type KnownStatus, StatusCache } from '#core/status-cache.ts';
import { VirtualClock } from '../support/memory/world.ts';

const MAX_AGE = 5_000;
const run = (runNumber = 1, job = 'j') => ({ partition: 'p', job, runNumber });

function aCache(current?: KnownStatus) {
  const clock = new VirtualClock();
  const jobs = { current, loads: 0 };
  const load = async (_key: JobKey) => {
    jobs.loads += 1;
    return jobs.current;
  };
  return { clock, jobs, cache: new StatusCache(load, clock, MAX_AGE) };
}

describe('a cached status', () => {
  test('is used up to its maximum age', async () => {
    const { clock, jobs, cache } = aCache({ status: 'Active', runNumber: 1 });
    await cache.decide(run());
    jobs.current = { status: 'Cancelled', runNumber: 1 };

    clock.advance(MAX_AGE);
    const believed = await cache.decide(run());
    clock.advance(1);
    const readAgain = await cache.decide(run());

    expect(believed.decision).toBe('run');
    expect(readAgain.decision).toBe('discard');
    expect(jobs.loads).toBe(2);
  });

  test('ages from before the read, because it may be as old as that', async () => {
    const clock = new VirtualClock();
    let loads = 0;
    const slow = async (): Promise<KnownStatus> => {
      loads += 1;
      clock.advance(MAX_AGE);
      return { status: 'Active', runNumber: 1 };
    };
    const cache = new StatusCache(slow, clock, MAX_AGE);
    await cache.decide(run());

    clock.advance(1);
    await cache.decide(run());

    expect(loads).toBe(2);
  });

  test.each<JobStatus>(['Waiting', 'Paused', 'Blocked'])('%s is never used', async (status) => {
    const { jobs, cache } = aCache({ status, runNumber: 1 });
    const held = await cache.decide(run());
    jobs.current = { status: 'Active', runNumber: 1 };

    const resumed = await cache.decide(run());

    expect([held.decision, resumed.decision]).toEqual(['hold', 'run']);
  });

  test('does not apply to a job that was created again later', async () => {
    const { jobs, cache } = aCache({ status: 'Cancelled', runNumber: 1 });
    await cache.decide(run(1));
    jobs.current = { status: 'Active', runNumber: 2 };

    const { decision, jobStatus: known } = await cache.decide(run(2));

    expect(decision).toBe('run');
    expect(known).toEqual(jobs.current);
  });

  test('discards what belongs to an earlier run without another read', async () => {
    const { jobs, cache } = aCache({ status: 'Active', runNumber: 2 });
    await cache.decide(run(2));

    expect((await cache.decide(run(1))).decision).toBe('discard');
    expect(jobs.loads).toBe(1);
  });

  test('belongs to one job, for any combination of id and partition', async () => {
    const { jobs, cache } = aCache({ status: 'Active', runNumber: 1 });

    await cache.decide({ partition: 'a,b', job: 'c', runNumber: 1 });
    await cache.decide({ partition: 'a', job: 'b,c', runNumber: 1 });

    expect(jobs.loads).toBe(2);
  });
});

test('a missing job is looked up each time, because it can be created again at once', async () => {
  const { jobs, cache } = aCache(undefined);
  const gone = await cache.decide(run(1));
  jobs.current = { status: 'Active', runNumber: 1 };

  const created = await cache.decide(run(1));

  expect([gone.decision, created.decision]).toEqual(['discard', 'run']);
});

test('a failed read fails the message and is not remembered', async () => {
  let fails = true;
  const load = async (): Promise<KnownStatus> => {
    if (fails) throw new Error('the table cannot be reached');
    return { status: 'Active', runNumber: 1 };
  };
  const cache = new StatusCache(load, new VirtualClock(), MAX_AGE);

  await expect(cache.decide(run())).rejects.toThrow('cannot be reached');
  fails = false;

  expect((await cache.decide(run())).decision).toBe('run');
});

describe('concurrent lookups', () => {
  test('share one read', async () => {
    const { jobs, cache } = aCache({ status: 'Active', runNumber: 1 });

    const answers = await Promise.all(Array.from({ length: 50 }, () => cache.decide(run())));

    expect(new Set(answers.map(({ decision }) => decision))).toEqual(new Set(['run']));
    expect(jobs.loads).toBe(1);
  });

  test('do not share a read that started too early for some of them', async () => {
    const { jobs, cache } = aCache({ status: 'Active', runNumber: 1 });

    const early = cache.decide(run(1));
    jobs.current = { status: 'Active', runNumber: 2 };
    const late = cache.decide(run(2));

    expect([(await early).decision, (await late).decision]).toEqual(['run', 'run']);
  });

  test('do not all fail with one failed read', async () => {
    let loads = 0;
    const load = async (): Promise<KnownStatus> => {
      loads += 1;
      if (loads === 1) throw new Error('the table cannot be reached');
      return { status: 'Active', runNumber: 1 };
    };
    const cache = new StatusCache(load, new VirtualClock(), MAX_AGE);

    const [first, second] = await Promise.allSettled([cache.decide(run()), cache.decide(run())]);

    expect(first.status).toBe('rejected');
    expect(second).toMatchObject({ status: 'fulfilled', value: { decision: 'run' } });
  });
});

test('the oldest of ten thousand jobs is removed for a new one', async () => {
  const { jobs, cache } = aCache({ status: 'Active', runNumber: 1 });
  for (let job = 0; job <= 10_000; job += 1) await cache.decide(run(1, `j${job}`));
  const loads = jobs.loads;

  await cache.decide(run(1, 'j1'));
  const stillKnown = jobs.loads;
  await cache.decide(run(1, 'j0'));

  expect(stillKnown).toBe(loads);
  expect(jobs.loads).toBe(loads + 1);
});

describe('in any sequence of changes of a job', () => {
  type Step = { kind: 'wait'; millis: number } | { kind: 'move'; to: JobStatus } | { kind: 'recreate' };
  const step = fc.oneof(
    fc.nat(2 * MAX_AGE).map((millis): Step => ({ kind: 'wait', millis })),
    fc
      .constantFrom<JobStatus>('Waiting', 'Active', 'Paused', 'Blocked', 'Completed', 'Cancelled')
      .map((to): Step => ({ kind: 'move', to })),
    fc.constant<Step>({ kind: 'recreate' }),
  );

  test('only obsolete work is discarded, and none runs much longer than it should', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(step, fc.nat(2)), { maxLength: 30 }), async (steps) => {
        const { clock, jobs, cache } = aCache({ status: 'Active', runNumber: 1 });
        const history = [{ at: clock.now(), status: jobs.current }];

        for (const [what, back] of steps) {
          if (what.kind === 'wait') clock.advance(what.millis);
          else jobs.current = after(jobs.current, what);
          history.push({ at: clock.now(), status: jobs.current });
          const runNumber = Math.max(1, (jobs.current?.runNumber ?? 1) - back);

          const { decision } = await cache.decide(run(runNumber));

          const truth = decideWork(jobs.current, runNumber);
          if (decision !== 'run') expect(truth).toBe(decision);
          else expect(wasRunning(history, runNumber, clock.now() - MAX_AGE)).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  /** A final status changes only with the next run. */
  function after(current: KnownStatus | undefined, what: Step): KnownStatus {
    const { status, runNumber } = current ?? { status: 'Active', runNumber: 1 };
    if (what.kind === 'recreate') return { status: 'Active', runNumber: runNumber + 1 };
    return what.kind === 'move' && !isFinal(status) ? { status: what.to, runNumber } : { status, runNumber };
  }

  function wasRunning(
    history: readonly { at: number; status: KnownStatus | undefined }[],
    runNumber: number,
    since: number,
  ): boolean {
    return history.some(
      ({ status }, i) =>
        (history[i + 1]?.at ?? Number.POSITIVE_INFINITY) >= since && decideWork(status, runNumber) === 'run',
    );
  }
});
