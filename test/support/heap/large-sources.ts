/**
 * Splits sources of large items as the function does, and prints how it ended and the most memory of the process, in
 * bytes: `node --max-old-space-size=<MB> test/support/heap/large-sources.ts <subject>`.
 *
 * The source is generated while it is read. Stored bodies are encoded and held for the duration of a put, as in the SDK.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Meter } from '#core/meter.ts';
import type { Objects, Queues } from '#core/ports.ts';
import { checkpoint, defineSplitter, item, type Splitter } from '#core/splitter.ts';
import { splitBatch } from '../../../functions/split-batch/split-batch.ts';
import { items } from '../../../functions/split-batch/splitters/items.ts';
import { linesRange } from '../../../functions/split-batch/splitters/lines-file.ts';
import { anActiveJob, RUN } from '../jobs.ts';
import { memoryWorld } from '../memory/world.ts';
import { readingPorts } from '../policy-evaluator.ts';

const KILOBYTE = 1024;
const PUT_MILLIS = 5;

interface Subject {
  readonly splitter: Splitter;
  readonly definition: unknown;
  readonly itemsPerTask: number;
  /** Content of the object at `data/p/file`. */
  readonly file?: { readonly lines: number; readonly line: Buffer };
}

/** A record of this many bytes, including its newline. All lines are the same. */
function recordOf(bytes: number): Buffer {
  const empty = '{"text":""}\n';
  return Buffer.from(empty.replace('""', `"${'x'.repeat(bytes - empty.length)}"`));
}

const source = { source: 's3://jobtree/data/p/file' };
const address = { key: 'data/p/file' };

/** The splitter stores each slice of this source before it sends it. */
const changingSource = (everyItems: number): Splitter =>
  defineSplitter({
    name: 'moving',
    description: 'Gives items of 20 KB each.',
    definition: z.object({ to: z.number() }),
    *split({ to }: { to: number }, { cursor }) {
      for (let n = Number(cursor ?? 0); n < to; n += 1) {
        yield item(`item-${n}`, `${n} ${'x'.repeat(20 * KILOBYTE)}`);
        if (n % everyItems === everyItems - 1) yield checkpoint(n + 1);
      }
    },
  }) as Splitter;

const grammar = { format: 'text', encoding: 'utf-8', separator: { text: '\n', dropsReturn: true } };
const range = { address, etag: 'e', file: 0, line: 1, from: 0 };

const SUBJECTS: Readonly<Record<string, Subject>> = {
  '50,000 lines of 20 KB, 50 a task': {
    splitter: items as Splitter,
    definition: source,
    itemsPerTask: 50,
    file: { lines: 50_000, line: recordOf(20 * KILOBYTE) },
  },
  '1,000,000 lines of 1 KB, 1,000 a task': {
    splitter: items as Splitter,
    definition: source,
    itemsPerTask: 1_000,
    file: { lines: 1_000_000, line: recordOf(KILOBYTE) },
  },
  '3,000 lines of 400 KB, 1,000 a task': {
    splitter: items as Splitter,
    definition: source,
    itemsPerTask: 1_000,
    file: { lines: 3_000, line: recordOf(400 * KILOBYTE) },
  },
  '1,000,000 lines of one byte': {
    splitter: linesRange as Splitter,
    definition: { ...range, grammar, to: 2_000_000 },
    itemsPerTask: 1_000,
    file: { lines: 1_000_000, line: Buffer.from('x\n') },
  },
  'a source that may change, 50,000 items of 20 KB': {
    splitter: changingSource(100),
    definition: { to: 50_000 },
    itemsPerTask: 50,
  },
  'a source without checkpoints, 50,000 items of 20 KB': {
    splitter: changingSource(50_000),
    definition: { to: 50_000 },
    itemsPerTask: 50,
  },
};

function objectsWith(file: Subject['file']): Objects {
  const writtenKeys = new Set<string>();
  const store = async (body: string | Uint8Array): Promise<void> => {
    const bytes = Buffer.from(body);
    await sleep(PUT_MILLIS);
    if (bytes.length === 0) throw new Error('nothing to store');
  };
  const sizeBytes = (file?.lines ?? 0) * (file?.line.length ?? 0);
  return {
    put: (_, body) => store(body),
    async putIfAbsent(key, body) {
      if (writtenKeys.has(key)) return 'exists';
      writtenKeys.add(key);
      await store(body);
      return 'written';
    },
    delete: async () => undefined,
    putStream: async () => ({ sizeBytes: 0, requests: 1 }),
    get: async (_, { from, to } = { from: 0, to: sizeBytes }) => {
      const { line } = file ?? { line: Buffer.alloc(1) };
      const bytes = Buffer.alloc(Math.min(to, sizeBytes) - from);
      for (let at = 0; at < bytes.length; ) at += line.copy(bytes, at, (from + at) % line.length);
      return bytes;
    },
    describe: async ({ key }) => ({ key, sizeBytes, etag: 'e' }),
    list: async () => ({ objects: [] }),
  };
}

const { splitter, definition, itemsPerTask, file } = subjectOf(process.argv[2] ?? '');
let sentCount = 0;
const queues: Queues = {
  has: () => true,
  async send(queue, messages) {
    if (queue === 'worker:work') sentCount += messages.length;
    return { failed: [] };
  },
};
const world = memoryWorld({ table: { streams: () => false } });
await anActiveJob(world.table, { plan: { splitter: splitter.name, itemsPerTask } });
const objects = objectsWith(file);
const split = splitBatch({
  ...world,
  ...readingPorts(objects),
  queues,
  objects,
  meter: new Meter(),
  splitters: [splitter],
  maxItems: 1_000_000,
  statusCacheMillis: 5_000,
});
const message = { v: 1, kind: 'split', ...RUN, path: '', splitter: splitter.name, from: 0, hop: 0 } as const;
const outcome = await split({ ...message, definition }, () => false);
const { rows } = await world.table.query({ pk: 'P#p#J#j#R1', begins: 'F#' });
const bytes = process.resourceUsage().maxRSS * KILOBYTE;
process.stdout.write(`${JSON.stringify({ outcome, sent: sentCount, bytes, code: rows[0]?.['code'] })}\n`);

function subjectOf(name: string): Subject {
  const subject = SUBJECTS[name];
  if (subject === undefined)
    throw new Error(`subject '${name}' is unknown; there are: ${Object.keys(SUBJECTS).join(' · ')}`);
  return subject;
}
