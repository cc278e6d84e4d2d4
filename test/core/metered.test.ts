import { beforeEach, describe, expect, test } from 'vitest';
import type { JobKey } from '#core/job.ts';
import { Meter } from '#core/meter.ts';
import { meteredObjects, meteredQueues, meteredTable } from '#core/metered.ts';
import { MemoryObjects } from '../../functions/kit/testing/memory-objects.ts';
import { jobOfKey } from '../../functions/store/keys.ts';
import { jobOfObject } from '../../functions/store/object-keys.ts';
import { MemoryTable } from '../support/memory/table.ts';
import { memoryWorld } from '../support/memory/world.ts';
import { textObjects } from '../support/text-objects.ts';

const a: JobKey = { partition: 'p 1', job: 'a' };
const b: JobKey = { partition: 'p 1', job: 'b/c' };
const pkOf = ({ partition, job }: JobKey) =>
  `P#${encodeURIComponent(partition)}#J#${encodeURIComponent(job)}`;
const text = (kilobytes: number) => 'x'.repeat(kilobytes * 1024);

let meter: Meter;
beforeEach(() => {
  meter = new Meter();
});

describe('a metered table', () => {
  const metered = () => meteredTable(new MemoryTable(), meter, jobOfKey);

  test('counts the units of reads and writes for the job of the row', async () => {
    const table = metered();
    const key = { pk: `${pkOf(a)}#R1##0.0`, sk: 'P' };

    await table.write({ kind: 'put', row: { ...key, text: text(2) } });
    await table.write({ kind: 'update', key, change: { add: { n: 1 } } });
    await table.get(key);
    await table.query({ pk: key.pk, strong: true });

    expect(meter.take(a)).toEqual({ writeUnits: 6, readUnits: 1.5 });
    expect(meter.take(b)).toEqual({});
  });

  test('counts a refused write as well', async () => {
    const table = metered();
    const row = { pk: pkOf(a), sk: 'JOB' };
    await table.write({ kind: 'put', row });

    await table.write({ kind: 'put', row, when: [{ attribute: 'pk', is: 'absent' }] });

    expect(meter.take(a)).toEqual({ writeUnits: 2 });
  });

  test('shares a transaction among its writes', async () => {
    await metered().transact([
      { kind: 'put', row: { pk: pkOf(a), sk: '1' } },
      { kind: 'put', row: { pk: pkOf(a), sk: '2' } },
      { kind: 'put', row: { pk: pkOf(b), sk: '1' } },
    ]);

    expect(meter.take(a)).toEqual({ writeUnits: 4 });
    expect(meter.take(b)).toEqual({ writeUnits: 2 });
  });

  test('counts nothing for rows without a job', async () => {
    const table = metered();

    await table.query({ index: 'by-partition', pk: 'P#p%201' });
    await table.write({ kind: 'put', row: { pk: 'SWEEPER', sk: 'LEASE' } });

    expect(meter.take(a)).toEqual({});
  });

  test('returns what the table returns', async () => {
    const table = metered();
    const key = { pk: pkOf(a), sk: 'JOB' };

    const written = await table.write({ kind: 'update', key, change: { set: { n: 1 } } }, 'new');
    const read = await table.get(key, { strong: true, attributes: ['n'] });

    expect(written).toEqual({ kind: 'written', row: { ...key, n: 1 }, units: 1 });
    expect(read).toEqual({ row: { ...key, n: 1 }, units: 1 });
  });
});

describe('metered queues', () => {
  const metered = () => meteredQueues(memoryWorld().queues, meter);
  const message = (job: JobKey, more: object = {}) => ({
    body: JSON.stringify({ v: 1, ...job, ...more }),
    group: job.partition,
  });

  test('a send of one job is one request', async () => {
    await metered().send('split', [message(a), message(a), message(a)]);

    expect(meter.take(a).queueRequests).toBeCloseTo(1);
  });

  test('each 64 KB of a send count as one request', async () => {
    await metered().send('split', [message(a, { text: text(40) }), message(a, { text: text(40) })]);

    expect(meter.take(a).queueRequests).toBe(2);
  });

  test('the requests of a send are shared by its messages', async () => {
    await metered().send('split', [message(a), message(b), message(b), message(b)]);

    expect(meter.take(a).queueRequests).toBe(0.25);
    expect(meter.take(b).queueRequests).toBe(0.75);
  });

  test('the job is found at any position in the body, but never in a payload', async () => {
    const item = { v: 1, partition: 'p 1', job: 'stolen' };
    const last = { body: JSON.stringify({ items: [item], v: 1, ...a }), group: 'p 1' };
    const quoted: JobKey = { partition: 'p "1', job: '\\' };

    await metered().send('split', [last, message(quoted, { items: [item] })]);

    expect(meter.take(a).queueRequests).toBe(0.5);
    expect(meter.take(quoted).queueRequests).toBe(0.5);
    expect(meter.take({ partition: 'p 1', job: 'stolen' })).toEqual({});
  });

  test('a body without a job is sent and not counted', async () => {
    const queues = metered();

    const answer = await queues.send(
      'unroutable',
      ['not JSON', 'null', '{"partition":"p 1"}'].map((body) => ({ body, group: 'p 1' })),
    );

    expect(answer).toEqual({ failed: [] });
    expect(meter.take(a)).toEqual({});
  });

  test('has returns the same as before', () => {
    const queues = metered();

    expect([queues.has('split'), queues.has('worker:nobody')]).toEqual([true, false]);
  });
});

describe('metered objects', () => {
  const outcomeOfA = 'outcomes/p%201/a/1/root/0000000000.jsonl';

  test('objects of a job are counted for it', async () => {
    const objects = textObjects(meteredObjects(new MemoryObjects(), meter, jobOfObject, b));

    await objects.put(outcomeOfA, 'x');
    await objects.putIfAbsent(outcomeOfA, 'x');
    await objects.get({ key: outcomeOfA });
    await objects.describe({ key: outcomeOfA });
    await objects.list('outcomes/p%201/a/1/');
    await objects.delete([outcomeOfA]);

    expect(meter.take(a)).toEqual({ objectPuts: 2, objectGets: 2, objectLists: 1 });
    expect(meter.take(b)).toEqual({});
  });

  test('other objects are counted for the job that reads them', async () => {
    const memory = new MemoryObjects();
    memory.fill('theirs', outcomeOfA, 'x');
    const objects = textObjects(meteredObjects(memory, meter, jobOfObject, b));

    await objects.get({ key: 'uploads/p%201/file.csv' });
    await objects.get({ bucket: 'theirs', key: outcomeOfA });
    await objects.list('outcomes/', { bucket: 'theirs' });

    expect(meter.take(b)).toEqual({ objectGets: 2, objectLists: 1 });
    expect(meter.take(a)).toEqual({});
  });

  test('without such a job they are not counted', async () => {
    const objects = textObjects(meteredObjects(new MemoryObjects(), meter, jobOfObject));

    await objects.put('uploads/p%201/file.csv', 'x');

    expect(await objects.describe({ key: 'uploads/p%201/file.csv' })).toMatchObject({ sizeBytes: 1 });
    expect(meter.take(a)).toEqual({});
  });
});
