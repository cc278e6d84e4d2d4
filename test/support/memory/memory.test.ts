import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rowBytes } from '#core/units.ts';
import { applyChange } from './changes.ts';
import type { ReceivedMessage } from './queues.ts';
import { type ChangeRecord, MemoryTable } from './table.ts';
import { compareUtf8 } from './utf8.ts';
import { memoryWorld, SeededRandom, VirtualClock } from './world.ts';

const key = { pk: 'P#p', sk: 'ROW' };
const message = (text: string, delaySeconds = 0) => ({ body: `"${text}"`, group: 'p', delaySeconds });
const bodies = (messages: readonly ReceivedMessage[]) => messages.map(({ body }) => JSON.parse(body));

describe('the stream of a table', () => {
  test('tells each change once, with the row before and after it', async () => {
    const table = new MemoryTable();

    await table.write({ kind: 'put', row: { ...key, n: 1 } });
    await table.write({ kind: 'update', key, change: { add: { n: 1 } } });
    await table.transact([{ kind: 'delete', key }]);

    expect(table.takeChanges()).toEqual([
      { key, new: { ...key, n: 1 } },
      { key, old: { ...key, n: 1 }, new: { ...key, n: 2 } },
      { key, old: { ...key, n: 2 } },
    ]);
    expect(table.takeChanges()).toEqual([]);
  });

  test('is silent about writes that change nothing, as DynamoDB is', async () => {
    const table = new MemoryTable();
    const row = { ...key, n: 1, d: new Set([1n]), map: { a: [1] } };
    await table.write({ kind: 'put', row });
    table.takeChanges();

    await table.write({ kind: 'put', row: { ...row, d: new Set([1n]), map: { a: [1] } } });
    const change = { set: { n: 1 }, setOnce: { n: 5 }, add: { d: new Set([1n]) }, remove: ['x'] };
    await table.write({ kind: 'update', key, change: { ...change, setOnce: { map: 5 } } });
    await table.write({ kind: 'put', row: key, when: [{ attribute: 'pk', is: 'absent' }] });
    await table.write({ kind: 'delete', key: { ...key, sk: 'OTHER' } });

    expect(table.takeChanges()).toEqual([]);
  });

  test('is taken in parts, and keeps only what it is told to', async () => {
    const streams = (change: ChangeRecord) => change.new?.['followUp'] !== undefined;
    const table = new MemoryTable({ streams });

    for (const sk of ['1', '2', '3']) await table.write({ kind: 'put', row: { ...key, sk, followUp: 'x' } });
    await table.write({ kind: 'put', row: key });

    expect(table.pendingChanges).toBe(3);
    expect(table.takeChanges(2).map((change) => change.key.sk)).toEqual(['1', '2']);
    expect(table.takeChanges(2).map((change) => change.key.sk)).toEqual(['3']);
  });
});

describe('a memory table', () => {
  test('keeps its rows as they were, whatever becomes of what was put', async () => {
    const table = new MemoryTable();
    const row = { ...key, d: new Set([1n]), list: [{ n: 1 }] };
    await table.write({ kind: 'put', row });
    const before = (await table.get(key)).row;

    row.d.add(2n);
    row.list.push({ n: 2 });
    await table.write({ kind: 'update', key, change: { add: { d: new Set([3n]) } } });

    expect(before).toEqual({ ...key, d: new Set([1n]), list: [{ n: 1 }] });
    expect((await table.get(key)).row?.['d']).toEqual(new Set([1n, 3n]));
  });

  test('reports every partition that is touched, and stops where it is told to', async () => {
    const seen: string[] = [];
    const onAccess = (pk: string) => {
      seen.push(pk);
      if (pk === 'P#foreign') throw new Error('not yours');
    };
    const table = new MemoryTable({ onAccess });

    await table.write({ kind: 'put', row: { ...key, pk: 'a' } });
    await table.get({ ...key, pk: 'b' });
    await table.query({ pk: 'c' });
    await table.query({ index: 'by-partition', pk: 'd' });
    await table.transact([{ kind: 'delete', key: { ...key, pk: 'e' } }]);

    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e']);
    await expect(table.get({ ...key, pk: 'P#foreign' })).rejects.toThrow('not yours');
  });

  test('writes the index only where what it shows changes', async () => {
    const table = new MemoryTable({ indexAttributes: ['status'] });
    const listed = { ...key, listPk: 'L', listSk: '1', status: 'Active', n: 1 };

    const units: number[] = [];
    for (const row of [
      listed,
      { ...listed, n: 2 },
      { ...listed, status: 'Paused' },
      { ...listed, listSk: '2' },
      key,
    ]) {
      units.push((await table.write({ kind: 'put', row })).units);
    }

    expect(units).toEqual([2, 1, 2, 3, 2]);
  });

  test('shows in the index what it projects, and no more', async () => {
    const table = new MemoryTable({ indexAttributes: ['status'] });
    const listed = { ...key, listPk: 'L', listSk: '1', status: 'Active' };

    await table.write({ kind: 'put', row: { ...listed, secret: 1 } });

    expect((await table.query({ index: 'by-partition', pk: 'L' })).rows).toEqual([listed]);
  });

  test('refuses keys that DynamoDB refuses', async () => {
    const table = new MemoryTable();

    await expect(table.get({ pk: '', sk: 'x' })).rejects.toThrow('1 to 2048 bytes');
    await expect(table.get({ pk: 'ä'.repeat(1025), sk: 'x' })).rejects.toThrow('1 to 2048 bytes');
    await expect(table.get({ pk: 'x', sk: 'x'.repeat(1025) })).rejects.toThrow('1 to 1024 bytes');
    expect((await table.get({ pk: 'ä'.repeat(1024), sk: 'x'.repeat(1024) })).row).toBeUndefined();
  });

  test('keeps the size of a row along with each change', () => {
    const elements = fc.array(fc.bigInt({ min: 0n, max: 10n ** 38n - 1n }), { maxLength: 5 });
    const change = fc.record({
      set: fc.record(
        { text: fc.string(), map: fc.dictionary(fc.string(), fc.integer()) },
        { requiredKeys: [] },
      ),
      setOnce: fc.record({ once: fc.string() }, { requiredKeys: [] }),
      add: fc.record({ n: fc.integer(), d: elements.map((some) => new Set(some)) }, { requiredKeys: [] }),
      remove: fc.subarray(['gone', 'either']),
    });
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        let entry = applyChange(undefined, key, { set: { gone: 'x', either: [1, 'ä'] } });
        for (const next of changes) entry = applyChange(entry, key, next);

        expect(entry.bytes).toBe(rowBytes(entry.row));
      }),
    );
  });

  test('shows all its rows to assertions', async () => {
    const table = new MemoryTable();
    for (const pk of ['a', 'b']) await table.write({ kind: 'put', row: { ...key, pk } });

    expect([...table.rows()].map(({ pk }) => pk).sort()).toEqual(['a', 'b']);
  });
});

describe('memory queues', () => {
  const world = (options = {}) => memoryWorld({ queues: { split: options, results: {} } });

  test('a received message is hidden until its time is up', async () => {
    const { queues, clock } = world({ visibilitySeconds: 30 });
    await queues.send('split', [message('a')]);

    const [first] = queues.receive('split');
    clock.advance(29_999);
    const tooEarly = queues.receive('split');
    clock.advance(1);
    const [second] = queues.receive('split');

    expect(tooEarly).toEqual([]);
    expect([first?.receiveCount, second?.receiveCount]).toEqual([1, 2]);
    expect(second?.id).toBe(first?.id);
  });

  test('only the receipt of the last receive is worth something', async () => {
    const { queues, clock } = world({ visibilitySeconds: 30 });
    await queues.send('split', [message('a')]);
    const [first] = queues.receive('split');
    clock.advance(30_000);
    const [second] = queues.receive('split');

    expect(queues.acknowledge('split', first?.receipt ?? '')).toBe(false);
    expect(queues.acknowledge('split', second?.receipt ?? '')).toBe(true);
    expect(queues.acknowledge('split', second?.receipt ?? '')).toBe(false);
    expect(queues.depth('split')).toEqual({ visible: 0, delayed: 0, inFlight: 0 });
  });

  test('a released message comes back, now or later', async () => {
    const { queues, clock } = world();
    await queues.send('split', [message('a')]);

    const [first] = queues.receive('split');
    queues.release('split', first?.receipt ?? '');
    const [second] = queues.receive('split');
    queues.release('split', second?.receipt ?? '', 5);
    const tooEarly = queues.receive('split');
    clock.advance(5000);

    expect(tooEarly).toEqual([]);
    expect(queues.receive('split').map(({ receiveCount }) => receiveCount)).toEqual([3]);
  });

  test('what was received too often is dead', async () => {
    const { queues, clock } = world({ visibilitySeconds: 1, maxReceives: 2 });
    await queues.send('split', [message('poison')]);

    const counts = [1, 2, 3].map(() => {
      const received = queues.receive('split');
      clock.advance(1000);
      return received.length;
    });

    expect(counts).toEqual([1, 1, 0]);
    expect(bodies(queues.receive('dead:split'))).toEqual(['poison']);
  });

  test('delayed messages come in the order of their times', async () => {
    const { queues, clock } = world();
    await queues.send('split', [message('c', 3), message('a', 1), message('b', 2), message('now')]);

    expect(bodies(queues.receive('split'))).toEqual(['now']);
    expect(queues.depth('split')).toEqual({ visible: 0, delayed: 3, inFlight: 1 });
    clock.advance(3000);
    expect(bodies(queues.receive('split'))).toEqual(['a', 'b', 'c']);
  });

  test('the next moment at which something happens is known', async () => {
    const { queues, clock } = world({ visibilitySeconds: 30 });
    const start = clock.now();
    expect(queues.nextDue()).toBeUndefined();

    await queues.send('results', [message('later', 60)]);
    const later = queues.nextDue();
    await queues.send('split', [message('a')]);
    queues.receive('split');

    expect(later).toBe(start + 60_000);
    expect(queues.nextDue()).toBe(start + 30_000);
  });

  test('any message can be picked, and none is lost or doubled', async () => {
    const random = new SeededRandom(7);
    const { queues } = world();
    const sent = Array.from({ length: 3000 }, (_, i) => `${i}`);
    for (let start = 0; start < sent.length; start += 10) {
      await queues.send(
        'split',
        sent.slice(start, start + 10).map((text) => message(text)),
      );
    }

    const received: string[] = [];
    while (queues.depth('split').visible > 0) {
      const batch = queues.receive('split', 7, (visible) => Math.floor(random.next() * visible));
      received.push(...bodies(batch));
    }

    expect(received).not.toEqual(sent);
    expect(received.toSorted()).toEqual(sent.toSorted());
  });

  test('a delay that SQS does not know is a mistake of the sender', async () => {
    const { queues } = world();

    for (const delay of [901, -1, 0.5]) {
      await expect(queues.send('split', [message('a', delay)])).rejects.toThrow(RangeError);
    }
  });
});

describe('a virtual clock', () => {
  test('moves only forward', () => {
    const clock = new VirtualClock(1000);

    clock.advance(500);
    clock.advanceTo(1200);
    clock.advanceTo(2000);

    expect(clock.now()).toBe(2000);
  });
});

describe('seeded chance', () => {
  test('is the same for the same seed, and another for another', () => {
    const draw = (seed: number) =>
      Array.from(
        { length: 50 },
        (
          (random) => () =>
            random.next()
        )(new SeededRandom(seed)),
      );

    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw(3).every((number) => number >= 0 && number < 1)).toBe(true);
  });

  test('is spread evenly', () => {
    const random = new SeededRandom(42);
    const counts = new Array<number>(10).fill(0);

    for (let i = 0; i < 100_000; i += 1) {
      const tenth = Math.floor(random.next() * 10);
      counts[tenth] = (counts[tenth] ?? 0) + 1;
    }

    expect(Math.min(...counts)).toBeGreaterThan(9_500);
    expect(Math.max(...counts)).toBeLessThan(10_500);
  });

  test('gives ids that sort as they came', () => {
    const random = new SeededRandom();
    const ids = Array.from({ length: 2000 }, () => random.id());

    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(2000);
  });
});

describe('the order of texts', () => {
  test('is that of their UTF-8 bytes', () => {
    const character = fc.oneof(
      fc.integer({ min: 0, max: 0xd7ff }),
      fc.integer({ min: 0xe000, max: 0xffff }),
      fc.integer({ min: 0x10000, max: 0x10ffff }),
    );
    const text = fc.array(character, { maxLength: 4 }).map((points) => String.fromCodePoint(...points));
    fc.assert(
      fc.property(text, text, text, (start, a, b) => {
        const order = Buffer.compare(Buffer.from(start + a), Buffer.from(start + b));

        expect(Math.sign(compareUtf8(start + a, start + b))).toBe(order);
      }),
    );
  });

  test('puts characters beyond 16 bits last', () => {
    expect(['😀', '\uFF5E', 'a'].toSorted(compareUtf8)).toEqual(['a', '\uFF5E', '😀']);
  });
});
