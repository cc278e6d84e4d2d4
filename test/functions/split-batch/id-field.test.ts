import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { checkBy } from '#core/schema.ts';
import { compileSchema } from '../../../functions/creation/json-schema.ts';
import { defineWorker } from '../../../functions/kit/define-worker.ts';
import { lines } from '../../../functions/split-batch/splitters/lines.ts';
import { jsonSchema } from '../../../lib/registry.ts';
import { memoryService } from '../../support/memory-service.ts';

const echo = defineWorker({ name: 'echo', parameters: z.unknown(), run: (item) => item.payload });

async function split(file: string, definition: object) {
  const service = memoryService({ workers: [echo] });
  await service.objects.put('data/p/file', file);
  const sent = { source: 's3://jobtree/data/p/file', idField: 'sku', ...definition };
  await service.submit({ splitter: 'lines', worker: 'echo' }, { definition: sent });
  await service.drain();
  const outcomes = await service.outcomes();
  const ids = outcomes.map(({ id, outcome }) => [id, outcome]);
  return { job: (await service.view())?.job, outcomes, ids, service };
}

describe('idField of lines', () => {
  test('takes the ids of items from a column, in one file and in ranges of it', async () => {
    const rows = Array.from({ length: 300 }, (_, i) => `name ${i},A-${i}`);
    const file = ['name,sku', ...rows].join('\n');

    const whole = await split(file, { format: 'csv' });
    const inRanges = await split(file, { format: 'csv', rangeBytes: 1_024 });

    const expected = new Set(rows.map((_, i) => `A-${i}`));
    expect(new Set(whole.outcomes.map(({ id }) => id))).toEqual(expected);
    expect(new Set(inRanges.outcomes.map(({ id }) => id))).toEqual(expected);
    expect(inRanges.job).toMatchObject({ status: 'Completed', totals: { items: 300, failed: 0 } });
  });

  test('takes strings and numbers from a member of JSON records', async () => {
    const { ids } = await split('{"sku":"a/b"}\n{"sku":7}\n', { format: 'jsonl' });

    expect(ids).toEqual([
      ['a/b', 'succeeded'],
      ['7', 'succeeded'],
    ]);
  });

  test('fails a record without a usable value alone, under its line number', async () => {
    const long = JSON.stringify({ sku: 'x'.repeat(1_025) });
    const file = `{"sku":"a"}\n{"other":1}\n{"sku":" "}\n{"sku":true}\n[1]\n${long}\n`;

    const { ids, outcomes } = await split(file, { format: 'jsonl' });

    expect(ids).toEqual([['a', 'succeeded'], ...[2, 3, 4, 5, 6].map((line) => [`0:${line}`, 'failed'])]);
    expect(outcomes[1]?.failure).toMatchObject({
      code: 'bad-record',
      failureMessage: expect.stringContaining(
        "line 2 is not a valid jsonl record: its field 'sku' (idField)",
      ),
    });
  });

  test('keeps records with the same value as separate items, with distinct ids', async () => {
    const { ids, job } = await split('sku\na\na\n', { format: 'csv' });

    expect(ids).toEqual([
      ['a', 'succeeded'],
      ['a#2', 'succeeded'],
    ]);
    expect(job?.totals).toEqual({ items: 2, failed: 0, skipped: 0 });
  });

  test('fails the job if a CSV file has no such column, and names those that it has', async () => {
    const { job, service } = await split('name,id\nx,1\n', { format: 'csv' });

    expect(job?.status).toBe('Failed');
    const rows = [...service.table.rows()].filter(({ code }) => code !== undefined);
    expect(rows).toMatchObject([
      { code: 'missing-column', failureMessage: expect.stringContaining('Its columns: name, id') },
    ]);
  });

  test.each([{}, { format: 'text' }, { format: 'csv', header: false }])(
    'is refused at creation with %j',
    (definition) => {
      const sent = { source: 'upload:x', idField: 'sku', ...definition };
      const check = compileSchema(jsonSchema(lines.definition));

      expect(check(sent)).not.toEqual([]);
      expect(checkBy(lines.definition, sent).ok).toBe(false);
    },
  );
});

test('items with the same id, in one chunk and in others, have different idempotency keys', async () => {
  const keys: string[] = [];
  const remember = defineWorker({
    name: 'remember',
    parameters: z.unknown(),
    run: (_, { idempotencyKey }) => {
      keys.push(idempotencyKey);
    },
  });
  const service = memoryService({ workers: [remember] });
  await service.objects.put('data/p/folder/1', `sku\n${'A\n'.repeat(400)}`);
  await service.objects.put('data/p/folder/2', `sku\n${'A\nA#2\n'.repeat(200)}`);
  const sent = { source: 's3://jobtree/data/p/folder/', idField: 'sku', format: 'csv', rangeBytes: 1_024 };

  await service.submit({ splitter: 'lines', worker: 'remember', itemsPerTask: 7 }, { definition: sent });
  await service.drain();

  const outcomes = await service.outcomes();
  expect(outcomes).toHaveLength(800);
  expect(new Set(outcomes.map(({ id }) => id)).size).toBeLessThan(30);
  expect(keys).toHaveLength(800);
  expect(new Set(keys).size).toBe(800);
});
