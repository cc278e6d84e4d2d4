/**
 * Prints the most memory that the process had, in mebibytes, and the outcome, when a worker has run on one item that
 * names these files:
 *
 *     node test/support/documents/memory/main.ts <worker> <file> …
 *
 * The kernel's own count: it sees threads, buffers and WebAssembly as well.
 */
import { readFile } from 'node:fs/promises';
import type { Part } from '#core/item.ts';
import type { WorkerContext } from '../../../../clients/worker/define-worker.ts';
import { extractTextWorker } from '../../../../functions/extract-text/extract-text-worker.ts';
import { mergePdfWorker } from '../../../../functions/merge-pdf/merge-pdf-worker.ts';
import { toPdfWorker } from '../../../../functions/to-pdf/to-pdf-worker.ts';
import { toTiffWorker } from '../../../../functions/to-tiff/to-tiff-worker.ts';

const WORKERS = {
  'extract-text': extractTextWorker,
  'merge-pdf': mergePdfWorker,
  'to-pdf': toPdfWorker,
  'to-tiff': toTiffWorker,
};

const [name = '', ...files] = process.argv.slice(2);
const worker = WORKERS[name as keyof typeof WORKERS];
const parts = files.map((file): Part => ({ type: 'BASE_PART', filename: file, mimeType: '', url: file }));

/** Parts are files here, and what is made of them is thrown away, as it would be once it is stored. */
const context: Pick<WorkerContext<unknown>, 'parameters' | 'signal' | 'fetchPart' | 'putPart'> = {
  parameters: worker.parameters.parse({}),
  signal: new AbortController().signal,
  fetchPart: ({ url = '' }) => readFile(url),
  async putPart({ body, ...part }) {
    const sizeBytes = typeof body === 'string' || body instanceof Uint8Array ? body.length : 0;
    return { type: 'BASE_PART', ...part, sizeBytes };
  },
};

const started = performance.now();
const output = await worker.run({ id: 'i', parts }, context as never);
const seconds = (performance.now() - started) / 1000;
const mebibytes = process.resourceUsage().maxRSS / 1024;
process.stdout.write(JSON.stringify({ mebibytes, seconds, output }));
