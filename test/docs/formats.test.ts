/** Formats that the documentation shows are those that the code reads and writes. */
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { templateBody } from '#contract/template.ts';
import { parseObjectKey } from '#core/object-address.ts';
import type { Schema } from '#core/schema.ts';
import { shippedSplitters } from '../../functions/split-batch/splitters/index.ts';
import { invokeLambdaWorker } from '../../functions/workers/invoke-lambda/invoke-lambda-worker.ts';
import { shippedWorkers } from '../../lib/shipped-workers.ts';
import { AFolder } from '../clients/scan/a-folder.ts';
import { aChunk, aRecord, memoryWorld, workerOn } from '../support/chunks.ts';
import { parsedBy } from '../support/parsed-by.ts';
import { readLines } from '../support/read-lines.ts';
import { blocksFor, FORMATS } from './samples/inventory.ts';

/** Returns the only block of a page in a language that contains the text. */
function blockOf(page: string, contains: string): string {
  const found = blocksFor(FORMATS, `docs/${page}.md`).filter(({ text }) => text.includes(contains));
  expect(found).toHaveLength(1);
  return found[0]?.text ?? '';
}

test('the event of a function has the members that its page shows', async () => {
  const event = JSON.parse(blockOf('how-to/invoke-a-lambda-function', '"attempt"'));
  const { partition, job, item, arguments: given } = event;
  const received: unknown[] = [];
  const worker = invokeLambdaWorker({
    invoke: async (_arn, input) => {
      received.push(JSON.parse(JSON.stringify(input)));
      return { kind: 'returned', value: null };
    },
    allowedFunctions: () => ({ resize: { arn: 'arn' } }),
  });
  const parameters = { function: 'resize', arguments: given };

  await workerOn(memoryWorld(), { ...worker, name: 'work' })([
    aRecord(aChunk({ partition, job, parameters, items: [item] })),
  ]);

  expect(received).toEqual([event]);
});

test('the item of that event is one of the splitter s3-prefix', async () => {
  const { item } = JSON.parse(blockOf('how-to/invoke-a-lambda-function', '"attempt"'));
  const splitter = shippedSplitters.find(({ name }) => name === 's3-prefix');
  const { objects } = memoryWorld();
  await objects.put(parseObjectKey(item.id), new Uint8Array(item.payload.size));

  expect(splitter).toBeDefined();
  const [stored] = (await objects.list('data/p1/photos/')).objects;
  expect(item.payload).toEqual({ key: item.id, size: stored?.sizeBytes, etag: expect.any(String) });
});

test('a refused request gets the reason that the page shows', async () => {
  const shown = JSON.parse(blockOf('how-to/scan-a-folder', '"reason"'));
  const folder = new AFolder();
  folder.write('bad.json', {
    prio: 1,
    ...{ batch: { splitter: 'range', definition: {}, worker: 'rehearse' } },
  });

  await folder.scanAll();

  const written = JSON.parse(folder.read('error/bad.json.reason.json'));
  expect({ ...written, time: shown.time }).toEqual(shown);
});

test('a record that was refused has the reason that the page shows', async () => {
  const shown = blockOf('how-to/read-csv-files', 'is not a valid csv record').trim();
  const [, line = '', found = '', expected = '', record = ''] =
    /^line (\d+) .* it has (\d+) fields, but the header has (\d+)\. It begins with: (.*)$/.exec(shown) ?? [];
  const row = (count: number) => Array.from({ length: count }, (_, index) => `c${index}`).join(',');
  const before = Array.from({ length: Number(line) - 2 }, () => row(Number(expected)));

  const { badRecords } = await readLines([row(Number(expected)), ...before, record].join('\n'), {
    format: 'csv',
  });

  expect(record.split(',')).toHaveLength(Number(found));
  expect(badRecords.map(({ reason }) => reason)).toEqual([`bad-record: ${shown}`]);
});

test('the flow and the step of the templates page are valid', () => {
  const { flow } = parse(blockOf('reference/templates', 'flow:'));
  const names = [
    ...new Set(flow.flatMap(({ from, to }: { from: string; to: string | string[] }) => [from, to].flat())),
  ];
  const steps = names.map((name) => ({ name, worker: 'rehearse' }));
  const [step] = parse(blockOf('reference/templates', 'step-results'));

  expect(templateBody.safeParse({ steps, flow }).error).toBeUndefined();
  expect(templateBody.safeParse({ steps: [step] }).error).toBeUndefined();
});

test('the batch of an export is valid', () => {
  const batch = JSON.parse(blockOf('reference/workers', 'job-results'));
  const splitter = shippedSplitters.find(({ name }) => name === batch.splitter);
  const parameters = shippedWorkers({ documents: true }).get(batch.worker)?.options.parameters;

  expect(parsedBy(splitter?.definition as Schema, batch.definition)).toMatchObject(batch.definition);
  expect(parsedBy(parameters as Schema, batch.parameters)).toMatchObject(batch.parameters);
});
