/** A worker for pages of the console: it makes files of several types, and fails in several ways. */
import { crc32, deflateSync } from 'node:zlib';
import * as z from 'zod';
import { PermanentFailure, RetryableFailure } from '#core/errors.ts';
import { defineWorker, type WorkerContext } from '../../../functions/kit/define-worker.ts';
import { shippedSplitters } from '../../../functions/split-batch/splitters/index.ts';
import { worker as rehearse } from '../../../functions/workers/rehearse/definition.ts';
import { rehearseDescription, rehearseParameters } from '../../../functions/workers/rehearse/parameters.ts';
import { jsonSchema, type Registry } from '../../../lib/registry.ts';
import { REGISTRY } from '../../functions/jobs-api/api-world.ts';

const parameters = z.strictObject({
  files: z
    .boolean()
    .default(false)
    .describe('True to create a text, a JSON, an image and a PDF for each item.'),
  missing: z.array(z.string()).default([]).describe('Ids of items whose source is missing.'),
  broken: z.array(z.string()).default([]).describe('Ids of items that end with an unexpected error.'),
  busy: z.array(z.string()).default([]).describe('Ids of items that are retried.'),
});

const convert = defineWorker<z.infer<typeof parameters>>({
  name: 'convert',
  parameters,
  async run(item, context) {
    const { files, missing, broken, busy } = context.parameters;
    const isFixed = typeof item.payload === 'object' && item.payload !== null && 'fixed' in item.payload;
    if (!isFixed && missing.includes(item.id))
      throw new PermanentFailure('source-missing', `document ${item.id} does not exist; upload it and retry`);
    if (broken.includes(item.id)) throw new TypeError(`cannot read properties of page ${item.id}`);
    if (busy.includes(item.id)) throw new RetryableFailure('http-503', 'the converter is busy');
    if (files) await putFiles(item.id, context.putPart);
    return { pages: item.id.length + 2, language: 'en' };
  },
});

type PutPart = WorkerContext<unknown>['putPart'];

async function putFiles(id: string, put: PutPart): Promise<void> {
  await put({ filename: `${id}.txt`, mimeType: 'text/plain', body: `Text of document ${id}\nSecond line\n` });
  await put({ filename: `${id}.json`, mimeType: 'application/json', body: JSON.stringify({ id, pages: 3 }) });
  await put({ filename: `${id}.png`, mimeType: 'image/png', body: png(48, 32) });
  await put({ filename: `${id}.pdf`, mimeType: 'application/pdf', body: '%PDF-1.4\n%%EOF\n' });
}

/** A PNG of one colour. */
function png(width: number, height: number): Uint8Array {
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, 0x7a)]);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const data = deflateSync(Buffer.concat(Array(height).fill(row)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(type), data]);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

export const EXAMPLE_WORKERS = [rehearse, convert];

export const EXAMPLE_REGISTRY: Registry = {
  ...REGISTRY,
  splitters: shippedSplitters.map(({ name, description, definition }) => ({
    name,
    description,
    definition: jsonSchema(definition),
  })),
  workers: [
    { name: 'rehearse', description: rehearseDescription, parameters: jsonSchema(rehearseParameters) },
    { name: 'convert', description: 'Converts documents, for examples.', parameters: jsonSchema(parameters) },
  ],
};
