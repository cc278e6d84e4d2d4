import { describe, expect, test } from 'vitest';
import { reportMessage } from '#contract/messages.ts';
import { parseMessage } from '#contract/parse-message.ts';
import { failureOf } from '#core/failure.ts';
import type { ItemOutcome, OutcomeRecord } from '#core/item.ts';
import { MAX_SEND_BYTES } from '#core/ports.ts';
import { byteLength } from '#core/send.ts';
import { type ChunkResult, reportsOf } from '../../functions/store/reports.ts';
import { aChunk } from '../support/chunks.ts';
import { RUN } from '../support/jobs.ts';
import { memoryWorld } from '../support/memory/world.ts';

function aRecord(id: string, outcome: ItemOutcome, message = 'no'): OutcomeRecord {
  const record = { id, path: '', outcome, attempts: 1 };
  if (outcome !== 'failed') return record;
  const failure = failureOf({ path: '', index: 0, item: id }, new Error(message), { now: 0, attempts: 3 });
  return { ...record, failure };
}

function finished(
  index: number,
  records: readonly OutcomeRecord[],
  itemsPerTask = 2,
  path = '',
): ChunkResult {
  return { kind: 'final', chunk: aChunk({ index, itemsPerTask, path }), records };
}

const ports = memoryWorld();

const two = (a: ItemOutcome, b: ItemOutcome) => [aRecord('a', a), aRecord('b', b)];

describe('a report', () => {
  test('has one result of a chunk that an invocation received twice', async () => {
    const twice = [finished(0, two('failed', 'failed')), finished(0, two('succeeded', 'succeeded'))];

    const [report] = await reportsOf(ports, RUN, twice, {});

    expect(report?.nodes).toEqual([{ path: '', d: [], x: [[0, 2, 2, 0]] }]);
    expect(report?.failures).toHaveLength(2);
    expect(report?.outcomes).toHaveLength(1);
  });

  test('lists fully successful chunks by their index, and the others with their counts', async () => {
    const all = [
      finished(0, two('succeeded', 'succeeded')),
      finished(1, two('succeeded', 'failed')),
      finished(2, two('skipped', 'succeeded')),
      finished(3, [aRecord('a', 'succeeded')]),
      finished(4, two('succeeded', 'succeeded')),
      finished(0, two('succeeded', 'succeeded'), 2, '5'),
    ];

    const [report, ...others] = await reportsOf(ports, RUN, all, {});

    expect(others).toEqual([]);
    expect(report).toMatchObject({ ...RUN, v: 1, kind: 'report', itemsPerTask: 2 });
    expect(report?.nodes).toEqual([
      {
        path: '',
        d: [0, 4],
        x: [
          [1, 2, 1, 0],
          [2, 2, 0, 1],
          [3, 1, 0, 0],
        ],
      },
      { path: '5', d: [0], x: [] },
    ]);
    expect(report?.failures).toMatchObject([{ failureId: 'root/0/b' }]);
  });

  test('forwards chunks to their next worker, without a tick', async () => {
    const next = aChunk({ index: 1, worker: 'other' });

    const [report] = await reportsOf(
      ports,
      RUN,
      [{ kind: 'forward', chunk: aChunk({ index: 1 }), next }],
      {},
    );

    expect(report).toMatchObject({ nodes: [], forward: [next] });
    expect(report).not.toHaveProperty('failures');
  });

  test('can be read by the tracker', async () => {
    const all = [finished(0, two('succeeded', 'failed')), finished(1, two('skipped', 'succeeded'))];

    for (const report of await reportsOf(ports, RUN, all, { writeUnits: 2 })) {
      expect(parseMessage(reportMessage, JSON.stringify(report))).toMatchObject({ ok: true });
    }
  });

  test('without chunks is not sent, so its operations wait for the next one', async () => {
    expect(await reportsOf(ports, RUN, [], { writeUnits: 2 })).toEqual([]);
  });
});

describe('many failures', () => {
  const long = 'why '.repeat(200);
  const failing = (count: number) =>
    Array.from({ length: count }, (_, i) => aRecord(`row-${i}`, 'failed', long));

  test('give several reports, each small enough, with every chunk once and the operations once', async () => {
    const all = Array.from({ length: 40 }, (_, index) => finished(index, failing(25), 25));

    const reports = await reportsOf(ports, RUN, all, { objectPuts: 40 });

    const told = reports.flatMap(({ nodes }) => nodes.flatMap(({ x }) => x.map(([index]) => index)));
    expect(reports.length).toBeGreaterThan(1);
    expect(told).toEqual(Array.from({ length: 40 }, (_, index) => index));
    expect(reports.flatMap(({ failures = [] }) => failures)).toHaveLength(1_000);
    expect(reports.map(({ operations }) => operations)).toEqual([
      { objectPuts: 40 },
      ...Array(reports.length - 1).fill(undefined),
    ]);
    for (const report of reports) {
      expect(byteLength(JSON.stringify(report))).toBeLessThanOrEqual(MAX_SEND_BYTES);
    }
  });

  test('of one chunk of a thousand give several reports too, and the last one ticks it', async () => {
    const reports = await reportsOf(ports, RUN, [finished(0, failing(1_000), 1_000)], { objectPuts: 1 });

    const told = reports.flatMap(({ failures = [] }) => failures.map(({ failureId }) => failureId));
    expect(new Set(told).size).toBe(1_000);
    expect(reports.length).toBeGreaterThan(1);
    expect(reports.map(({ nodes }) => nodes)).toEqual([
      ...Array(reports.length - 1).fill([]),
      [{ path: '', d: [], x: [[0, 1_000, 1_000, 0]] }],
    ]);
    expect(reports.at(-1)?.operations).toEqual({ objectPuts: 1 });
    for (const report of reports) {
      expect(byteLength(JSON.stringify(report))).toBeLessThanOrEqual(MAX_SEND_BYTES);
      expect(parseMessage(reportMessage, JSON.stringify(report))).toMatchObject({ ok: true });
    }
  });
});
