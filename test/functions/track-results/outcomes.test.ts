/** The first report of a chunk counts: its outcomes, totals and failures. */
import { describe, expect, test } from 'vitest';
import { failureOf } from '#core/failure.ts';
import type { ItemOutcome, OutcomeRecord } from '#core/item.ts';
import { listFailures } from '../../../functions/store/failures.ts';
import { reportsOf } from '../../../functions/store/reports.ts';
import { aChunk } from '../../support/chunks.ts';
import { RUN } from '../../support/jobs.ts';
import { recordedOutcomes } from '../../support/outcomes.ts';
import { aTracker, recordsOf } from './a-tracker.ts';
import { sealOf } from './any-tree.ts';

type Tracker = Awaited<ReturnType<typeof aTracker>>;

function aResult(id: string, outcome: ItemOutcome, more: object = {}): OutcomeRecord {
  const record = { id, path: '', outcome, attempts: 1, ...more };
  if (outcome !== 'failed') return record;
  const failure = failureOf({ path: '', index: 0, item: id }, new Error('no'), { now: 0, attempts: 1 });
  return { ...record, failure };
}

async function aReport(tracker: Tracker, ...records: OutcomeRecord[]) {
  const chunk = aChunk({ itemsPerTask: 10 });
  const [report] = await reportsOf(tracker, RUN, [{ kind: 'final', chunk, records }], {});
  return report;
}

const outcomesOf = async (tracker: Tracker) =>
  (await recordedOutcomes(tracker, RUN))?.map(({ id, outcome }) => `${id} ${outcome}`);
const failuresOf = async (tracker: Tracker) =>
  (await listFailures(tracker.table, RUN, { limit: 10 })).failures.map(({ failureId }) => failureId);
const blocksOf = ({ objects }: Tracker) => objects.keys().filter((key) => /^outcomes\/[^@]*$/.test(key));

describe('a chunk that two reports are about', () => {
  test('keeps the outcomes, totals and failures of the first', async () => {
    const tracker = await aTracker();
    await tracker.track(await aReport(tracker, aResult('a', 'succeeded'), aResult('b', 'failed')));

    await tracker.track(await aReport(tracker, aResult('a', 'failed'), aResult('b', 'succeeded')));
    await tracker.track(sealOf('', 1));

    expect(await outcomesOf(tracker)).toEqual(['a succeeded', 'b failed']);
    expect(await failuresOf(tracker)).toEqual(['root/0/b']);
    expect(await tracker.job()).toMatchObject({ totals: { items: 2, failed: 1, skipped: 0 } });
  });

  test('keeps those of the first in one batch of messages, too', async () => {
    const tracker = await aTracker();
    const first = await aReport(tracker, aResult('a', 'failed'));
    const second = await aReport(tracker, aResult('a', 'succeeded'));

    await tracker.track(first, second, sealOf('', 1));

    expect(await outcomesOf(tracker)).toEqual(['a failed']);
    expect(await tracker.job()).toMatchObject({ totals: { items: 1, failed: 1 } });
  });

  test('keeps no failure of the second if the tracker crashed before it removed it', async () => {
    let isBroken = false;
    const tracker = await aTracker({}, ({ sk }) => {
      if (isBroken && sk.startsWith('P')) throw new Error('throttled');
    });
    await tracker.track(await aReport(tracker, aResult('a', 'succeeded')));
    const second = await aReport(tracker, aResult('a', 'failed'));

    isBroken = true;
    const { failed } = await tracker.track(second);
    isBroken = false;
    await tracker.track(sealOf('', 1));
    const between = await failuresOf(tracker);
    tracker.clock.advance(10_000);
    await tracker.anInstance()(recordsOf([second]));

    expect([...failed]).toEqual(['m0']);
    expect(await tracker.job()).toMatchObject({ status: 'Completed', totals: { items: 1, failed: 0 } });
    expect(between).toEqual(['root/0/a']);
    expect(await failuresOf(tracker)).toEqual([]);
  });
});

describe('the outcomes of reports', () => {
  test('are stored in one object for each batch of messages', async () => {
    const tracker = await aTracker();
    const reports = Array.from({ length: 50 }, async (_, index) => {
      const chunk = aChunk({ index, itemsPerTask: 10 });
      const records = [aResult(`${index}`, 'succeeded')];
      return (await reportsOf(tracker, RUN, [{ kind: 'final', chunk, records }], {}))[0];
    });

    await tracker.track(...(await Promise.all(reports)));

    expect(blocksOf(tracker)).toHaveLength(1);
    expect(await recordedOutcomes(tracker, RUN, 49)).toMatchObject([{ id: '49' }]);
  });

  test('that do not fit into a message are stored by the worker', async () => {
    const tracker = await aTracker();
    // Random text, which gzip does not shorten.
    const noise = Array.from({ length: 40_000 }, () => Math.floor(tracker.random.next() * 36).toString(36));
    const records = Array.from({ length: 10 }, (_, at) =>
      aResult(`${at}`, 'succeeded', { output: noise.slice(at * 4_000, (at + 1) * 4_000).join('') }),
    );
    const large = Array.from({ length: 8 }, (_, index) => aChunk({ index, itemsPerTask: 10 }));
    const [report, ...others] = await reportsOf(
      tracker,
      RUN,
      large.map((chunk) => ({ kind: 'final', chunk, records })),
      {},
    );

    await tracker.track(report);

    expect(others).toEqual([]);
    expect(JSON.stringify(report).length).toBeLessThan(10_000);
    expect(blocksOf(tracker)).toEqual([]);
    expect(await recordedOutcomes(tracker, RUN, 7)).toEqual(records);
  });

  test('with characters that SQS refuses are recorded unchanged', async () => {
    const tracker = await aTracker();
    const record = aResult('a', 'succeeded', { output: '\uFFFE and \uFFFF' });
    const report = await aReport(tracker, record);

    await tracker.track(report);

    expect(JSON.stringify(report)).not.toMatch(/[\uFFFE\uFFFF]/);
    expect(await recordedOutcomes(tracker, RUN)).toEqual([record]);
  });

  test('of a chunk without items are recorded', async () => {
    const tracker = await aTracker();

    await tracker.track(await aReport(tracker), sealOf('', 1));

    expect(await recordedOutcomes(tracker, RUN)).toEqual([]);
    expect(await tracker.job()).toMatchObject({ status: 'Completed', totals: { items: 0 } });
  });
});
