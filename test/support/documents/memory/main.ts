/**
 * Prints the most memory that the process had, in mebibytes, and the outcome, when a worker has run on one item that
 * names these files:
 *
 *     node test/support/documents/memory/main.ts <worker> <file> …
 *
 * The kernel's own count: it sees threads, buffers and WebAssembly as well.
 */
import { open, readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Part } from '#core/item.ts';
import type { ObjectKey } from '#core/object-address.ts';
import type { ReadableObjects, SourceAddress } from '#core/splitter.ts';
import type { WorkerContext } from '../../../../functions/kit/define-worker.ts';
import { openPart } from '../../../../functions/sources/parts.ts';
import { parsedBy } from '../../parsed-by.ts';

/** Each worker loads only its own modules, like its Lambda function. */
const WORKERS = {
  'export-zip': async () => (await import('../../../../functions/workers/export-zip/definition.ts')).worker,
  'extract-text': async () =>
    (await import('../../../../functions/workers/documents/extract-text/definition.ts')).worker,
  'merge-pdf': async () =>
    (await import('../../../../functions/workers/documents/merge-pdf/definition.ts')).worker,
  'to-pdf': async () => (await import('../../../../functions/workers/documents/to-pdf/definition.ts')).worker,
  'to-tiff': async () =>
    (await import('../../../../functions/workers/documents/to-tiff/definition.ts')).worker,
  unzip: async () => (await import('../../../../functions/workers/unzip/definition.ts')).worker,
};

/** Number of bytes of a stream that an upload holds in memory. */
const UPLOADED_AT_ONCE = 3 * 16 * 1024 * 1024;
const OUTCOMES = 'outcomes.jsonl';

const [name = '', ...files] = process.argv.slice(2);
const worker = await WORKERS[name as keyof typeof WORKERS]();
const parts = files.map(
  (file): Part => ({ type: 'BASE_PART', filename: basename(file), mimeType: typeOf(file), key: file }),
);

function typeOf(file: string): string {
  return file.endsWith('.zip') ? 'application/zip' : '';
}

function pathOf(address: SourceAddress): string {
  return 'key' in address ? address.key : address.url;
}

const outcomes = Buffer.from(
  `${JSON.stringify({ id: 'i', path: '', outcome: 'succeeded', attempts: 1, parts })}\n`,
);

/** Objects are files, by their paths. The object OUTCOMES contains the outcome of one item with all the files. */
const objects: Pick<ReadableObjects, 'get' | 'describe' | 'locate'> = {
  locate: ({ key }) => ({ key: key as ObjectKey }),
  async get(address, range) {
    const key = pathOf(address);
    if (key === OUTCOMES) return outcomes;
    if (range === undefined) return readFile(key);
    const file = await open(key);
    try {
      const { size } = await file.stat();
      const bytes = Buffer.alloc(Math.max(0, Math.min(range.to, size) - range.from));
      await file.read(bytes, 0, bytes.length, range.from);
      return bytes;
    } finally {
      await file.close();
    }
  },
  describe: async (address) => ({ etag: '', sizeBytes: (await stat(pathOf(address))).size }),
};

/** Discards the output, as a real upload frees it after storing it. Returns its size in bytes. */
async function countBytes(body: string | Uint8Array | AsyncIterable<Uint8Array>): Promise<number> {
  if (typeof body === 'string' || body instanceof Uint8Array) return body.length;
  const heldChunks: Uint8Array[] = [];
  let heldBytes = 0;
  let sizeBytes = 0;
  for await (const piece of body) {
    heldChunks.push(new Uint8Array(piece));
    heldBytes += piece.length;
    sizeBytes += piece.length;
    while (heldBytes > UPLOADED_AT_ONCE) heldBytes -= heldChunks.shift()?.length ?? 0;
  }
  return sizeBytes;
}

/** Peak memory of this process alone: the value of `getrusage` includes the peak of the parent process. */
async function peakKibibytes(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const [, peak] = /^VmHWM:\s*(\d+) kB$/m.exec(status) ?? [];
  return peak === undefined ? process.resourceUsage().maxRSS : Number(peak);
}

const signal = new AbortController().signal;
type Context = WorkerContext<unknown>;
const context: Pick<Context, 'parameters' | 'signal' | 'exitCode' | 'fetchPart' | 'openPart' | 'putPart'> & {
  readonly objects: typeof objects;
} = {
  parameters: parsedBy<unknown>(worker.parameters, {}),
  signal,
  objects,
  exitCode: () => undefined,
  fetchPart: ({ key = '' }) => readFile(key),
  openPart: (part) => openPart({ objects: objects as ReadableObjects, signal } as never, part),
  async putPart({ body, ...part }) {
    return { type: 'BASE_PART', ...part, sizeBytes: await countBytes(body) };
  },
};

const group = { key: OUTCOMES, bytes: { from: 0, to: outcomes.length }, from: 0, to: 1 };
const payload = { job: 'j', count: 1, objects: [group] };
const started = performance.now();
const output = await worker.run({ id: 'i', parts, payload }, context as never);
const seconds = (performance.now() - started) / 1000;
const mebibytes = (await peakKibibytes()) / 1024;
process.stdout.write(JSON.stringify({ mebibytes, seconds, output }));
