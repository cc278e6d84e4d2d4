import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NO_PROGRESS } from '#core/progress.ts';
import {
  type Counted,
  PROGRESS_INTERVAL_MILLIS,
  ProgressLedger,
} from '../../../functions/track-results/progress-ledger.ts';
import { VirtualClock } from '../../support/memory/world.ts';

const run = { partition: 'p', job: 'j', runNumber: 1 };
const other = { ...run, job: 'other' };
const done = (count: number, failed = 0, skipped = 0) => ({ ...NO_PROGRESS, done: count, failed, skipped });

function aLedger() {
  const clock = new VirtualClock();
  return { clock, ledger: new ProgressLedger(clock) };
}

test('the first count of a job is due at once, the next ones after a second', () => {
  const { clock, ledger } = aLedger();
  ledger.add(run, done(1));
  const first = ledger.takeDue();
  ledger.add(run, done(2, 1));
  const tooSoon = ledger.takeDue();
  ledger.add(run, done(3, 0, 2), { writeUnits: 4 });

  clock.advance(PROGRESS_INTERVAL_MILLIS);
  const second = ledger.takeDue();

  expect(first).toMatchObject([{ run, delta: done(1) }]);
  expect(tooSoon).toEqual([]);
  expect(second).toMatchObject([{ run, delta: done(5, 1, 2), operations: { writeUnits: 4 } }]);
});

test('counted progress is not counted again', () => {
  const { clock, ledger } = aLedger();
  ledger.add(run, done(1), { readUnits: 1 });
  ledger.takeDue();

  clock.advance(10 * PROGRESS_INTERVAL_MILLIS);

  expect(ledger.takeDue()).toEqual([]);
});

test('operations are worth a write though no item is done', () => {
  const { ledger } = aLedger();

  ledger.add(run, done(0), { objectPuts: 1 });

  expect(ledger.takeDue()).toMatchObject([{ operations: { objectPuts: 1 } }]);
});

test('the last note waits for the second like the counts, and is written once', () => {
  const { clock, ledger } = aLedger();
  ledger.add(run, done(0), {}, 'first');
  const first = ledger.takeDue();
  ledger.add(run, done(0), {}, 'second');
  ledger.add(run, done(0), {}, 'third');
  const tooSoon = ledger.takeDue();
  clock.advance(PROGRESS_INTERVAL_MILLIS);

  const second = ledger.takeDue();
  clock.advance(PROGRESS_INTERVAL_MILLIS);

  expect([first, tooSoon, second].map((due) => due.map(({ note }) => note))).toEqual([
    ['first'],
    [],
    ['third'],
  ]);
  expect(ledger.takeDue()).toEqual([]);
});

test('urgent counts are due at once, and restart the second', () => {
  const { clock, ledger } = aLedger();
  const isUrgent = ({ delta }: Counted) => delta.failed > 0;
  ledger.add(run, done(1));
  ledger.takeDue(isUrgent);
  clock.advance(PROGRESS_INTERVAL_MILLIS - 1);
  ledger.add(run, done(1, 1));

  const urgent = ledger.takeDue(isUrgent);
  ledger.add(run, done(1));
  clock.advance(1);

  expect(urgent).toMatchObject([{ delta: done(1, 1) }]);
  expect(ledger.takeDue(isUrgent)).toEqual([]);
});

test('nothing is not', () => {
  const { ledger } = aLedger();

  ledger.add(run, done(0));

  expect(ledger.takeDue()).toEqual([]);
});

test('jobs do not wait for each other, nor do runs', () => {
  const { clock, ledger } = aLedger();
  ledger.add(run, done(1));
  ledger.takeDue();
  clock.advance(PROGRESS_INTERVAL_MILLIS - 1);
  for (const of of [run, other, { ...run, runNumber: 2 }]) ledger.add(of, done(1));

  const due = ledger.takeDue();

  expect(due.map((one) => one.run)).toEqual([other, { ...run, runNumber: 2 }]);
});

test('a job that ended takes all that is counted with it', () => {
  const { clock, ledger } = aLedger();
  ledger.add(run, done(1));
  ledger.takeDue();
  ledger.add(run, done(2), { writeUnits: 3 });

  const rest = ledger.takeAll(run);
  clock.advance(PROGRESS_INTERVAL_MILLIS);

  expect(rest).toMatchObject({ delta: done(2), operations: { writeUnits: 3 } });
  expect(ledger.takeDue()).toEqual([]);
  expect(ledger.takeAll(other)).toEqual({
    run: other,
    delta: done(0),
    visits: new Map(),
    operations: {},
    slowest: [],
  });
});

test('beyond ten thousand jobs the oldest is forgotten', () => {
  const { ledger } = aLedger();

  for (let job = 0; job <= 10_000; job += 1) ledger.add({ ...run, job: `j${job}` }, done(1));

  const due = ledger.takeDue();
  expect(due).toHaveLength(10_000);
  expect(due[0]?.run.job).toBe('j1');
});

test('nothing that was added is lost or counted twice, and no job is written more than once a second', () => {
  const step = fc.record({
    wait: fc.nat(700),
    job: fc.constantFrom(run, other),
    delta: fc.record({ done: fc.nat(9), failed: fc.nat(9), skipped: fc.nat(9) }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { clock, ledger } = aLedger();
      const writes = new Map<string, number[]>();
      let added = 0;
      let taken = 0;

      for (const { wait, job, delta } of steps) {
        clock.advance(wait);
        ledger.add(job, delta);
        added += delta.done + 100 * delta.failed + 10_000 * delta.skipped;
        for (const due of ledger.takeDue()) {
          taken += due.delta.done + 100 * due.delta.failed + 10_000 * due.delta.skipped;
          writes.set(due.run.job, [...(writes.get(due.run.job) ?? []), clock.now()]);
        }
      }

      for (const { delta } of [ledger.takeAll(run), ledger.takeAll(other)]) {
        taken += delta.done + 100 * delta.failed + 10_000 * delta.skipped;
      }
      expect(taken).toBe(added);
      for (const times of writes.values()) {
        for (const [i, time] of times.slice(1).entries()) {
          expect(time - (times[i] ?? 0)).toBeGreaterThanOrEqual(PROGRESS_INTERVAL_MILLIS);
        }
      }
    }),
  );
});

test('beyond 10,000 jobs, the counts of the job that counted least recently are dropped', () => {
  const { ledger } = aLedger();
  ledger.add(other, done(0), { readUnits: 1 });
  ledger.add(run, done(0), { readUnits: 1 });
  ledger.add(other, done(1));

  for (let index = 1; index < 10_000; index++) ledger.add({ ...run, job: `job-${index}` }, done(1));

  expect(ledger.takeAll(other)).toMatchObject({ delta: done(1), operations: { readUnits: 1 } });
  expect(ledger.takeAll(run)).toMatchObject({ delta: NO_PROGRESS, operations: {} });
});
