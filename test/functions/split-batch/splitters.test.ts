import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { checkBy } from '#core/schema.ts';
import { compileSchema } from '../../../functions/creation/json-schema.ts';
import { defineWorker } from '../../../functions/kit/define-worker.ts';
import { lines } from '../../../functions/split-batch/splitters/lines.ts';
import { jsonSchema } from '../../../lib/registry.ts';
import { memoryService } from '../../support/memory-service.ts';

const dataset = (name: string) => readFileSync(`node_modules/vega-datasets/data/${name}`);

const echo = defineWorker({ name: 'echo', parameters: z.unknown(), run: (item) => item.payload });

async function split(
  splitter: string,
  definition: unknown,
  files: Record<string, string | Uint8Array> = {},
  isSplittingOver = () => false,
) {
  const service = memoryService({ workers: [echo], isSplitTimeUp: isSplittingOver });
  for (const [name, body] of Object.entries(files)) await service.objects.put(`data/p/${name}`, body);
  await service.submit({ splitter, worker: 'echo' }, { definition });
  await service.drain();
  return { service, found: await service.view(), outcomes: await service.outcomes() };
}

const source = (name: string) => `s3://jobtree/data/p/${name}`;

describe('range', () => {
  test('gives each number once', async () => {
    const { found, outcomes } = await split('range', { from: 0, to: 1_003, step: 2 });

    expect(found?.job).toMatchObject({ status: 'Completed', totals: { items: 502, failed: 0 } });
    expect(new Set(outcomes.map(({ output }) => output)).size).toBe(502);
  });

  test('of nothing completes the job', async () => {
    const { found } = await split('range', { from: 5, to: 5 });

    expect(found?.job).toMatchObject({ status: 'Completed', totals: { items: 0 } });
  });
});

describe('items', () => {
  test('take their ids from the field id, else from their index', async () => {
    const { outcomes } = await split('items', { items: [{ id: 'a' }, 'b', { id: 7 }] });

    expect(outcomes.map(({ id, output }) => [id, output])).toEqual([
      ['a', { id: 'a' }],
      ['1', 'b'],
      ['7', { id: 7 }],
    ]);
  });

  test('are read from JSON Lines, and only broken lines fail', async () => {
    const { found, outcomes } = await split(
      'items',
      { source: source('a.jsonl') },
      { 'a.jsonl': '{"id":"x"}\n\n{oops\n3' },
    );

    expect(found?.job.totals).toEqual({ items: 3, failed: 1, skipped: 0 });
    expect(outcomes.find(({ outcome }) => outcome === 'failed')?.failure?.failureMessage).toMatch(
      /line 3 is not a valid jsonl record/,
    );
  });
});

describe('lines', () => {
  test('of a large CSV file are created once each, for any byte ranges', async () => {
    const bytes = dataset('zipcodes.csv');
    const rows = bytes.toString().trimEnd().split(/\r?\n/).slice(1);

    const { found, outcomes } = await split(
      'lines',
      { source: source('zipcodes.csv'), format: 'csv', rangeBytes: 100_000 },
      { 'zipcodes.csv': bytes },
    );

    expect(found?.job).toMatchObject({ status: 'Completed', totals: { items: 42_049, failed: 0 } });
    const seen = new Set(outcomes.map(({ output }) => Object.values(output as object).join(',')));
    expect(seen).toEqual(new Set(rows.map((row) => row.replaceAll('"', ''))));
    expect(new Set(outcomes.map(({ id }) => id)).size).toBe(42_049);
    expect(outcomes.map(({ id }) => id)).toContain('0:2');
  });

  test('with quoted newlines stay whole across ranges and keep their line numbers', async () => {
    const text = `a,b\n${Array.from({ length: 300 }, (_, i) => `${i},"x\n""y"" ${i}"`).join('\r\n')}\r\n`;

    const { outcomes } = await split(
      'lines',
      { source: source('q.csv'), format: 'csv', rangeBytes: 1024 },
      { 'q.csv': text },
    );

    expect(outcomes).toHaveLength(300);
    expect(outcomes.find(({ id }) => id === '0:202')?.output).toEqual({ a: '100', b: 'x\n"y" 100' });
  });

  test('of one range go on where an invocation left off', async () => {
    const text = `n\n${Array.from({ length: 3_000 }, (_, i) => i).join('\n')}`;

    const { found, outcomes } = await split(
      'lines',
      { source: source('a.csv'), format: 'csv' },
      { 'a.csv': text },
      () => true,
    );

    expect(found?.job).toMatchObject({ status: 'Completed', totals: { items: 3_000, failed: 0 } });
    expect(outcomes.find(({ id }) => id === '0:2500')?.output).toEqual({ n: '2498' });
    expect(new Set(outcomes.map(({ id }) => id)).size).toBe(3_000);
  });

  test('of every file below a prefix are found, three levels deep', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [
        `many/${i}.txt`,
        Array.from({ length: 200 }, (_, n) => `${i}-${n}`).join('\n'),
      ]),
    );

    const { found, outcomes } = await split('lines', { source: source('many/'), rangeBytes: 1024 }, files);

    expect(found?.job.totals).toEqual({ items: 6_000, failed: 0, skipped: 0 });
    expect(new Set(outcomes.map(({ output }) => (output as { line: string }).line)).size).toBe(6_000);
  });

  test('of a file that is not there fail the job with its name', async () => {
    const { service, found } = await split('lines', { source: source('missing.txt') });

    expect(found?.job.status).toBe('Failed');
    const { rows } = await service.table.query({ pk: 'P#p#J#j#R1', begins: 'F#' });
    expect(rows[0]?.['failureMessage']).toMatch(/no object 'data\/p\/missing.txt'. Upload it first/);
  });

  test('of another partition are out of reach', async () => {
    const { found } = await split('lines', { source: 's3://jobtree/data/q/secret.txt' });

    expect(found?.job.status).toBe('Failed');
  });

  test('are blank, without an end, or of an empty file', async () => {
    const { outcomes } = await split(
      'lines',
      { source: [source('a.txt'), source('b.txt')] },
      { 'a.txt': 'x\n\ny', 'b.txt': '' },
    );

    expect(outcomes.map(({ id, output }) => [id, output])).toEqual([
      ['0:1', { line: 'x' }],
      ['0:2', { line: '' }],
      ['0:3', { line: 'y' }],
    ]);
  });
});

describe('s3-prefix', () => {
  test('lists more objects than a page holds, each once', async () => {
    const files = Object.fromEntries(Array.from({ length: 2_300 }, (_, i) => [`docs/${i}.md`, 'x']));

    const { found, outcomes } = await split('s3-prefix', { prefix: 'data/p/docs/', suffix: '.md' }, files);

    expect(found?.job.totals?.items).toBe(2_300);
    expect(new Set(outcomes.map(({ id }) => id)).size).toBe(2_300);
  });
});

test.each([
  ['items', {}],
  ['lines', { format: 'jsonl' }],
])('a record nested 400,000 deep fails alone, by splitter %s', async (splitter, more) => {
  const file = `{"n":1}\n${'['.repeat(400_000)}${']'.repeat(400_000)}\n{"n":2}\n`;

  const { found, outcomes } = await split(splitter, { source: source('deep'), ...more }, { deep: file });

  expect(found?.job).toMatchObject({ status: 'Completed', totals: { items: 3, failed: 1 } });
  expect(outcomes.find(({ outcome }) => outcome === 'failed')?.failure).toMatchObject({
    code: 'bad-record',
    failureMessage: expect.stringMatching(/deeper than 500 levels/),
  });
});

test.each(['\n', '\n\n', 'x\n'])('files of 12,000 lines %j are cut like any other', async (line) => {
  const definition = { source: source('many'), format: 'text', rangeBytes: 65_536 };

  const { found, outcomes } = await split('lines', definition, { many: line.repeat(12_000) });

  expect(found?.job).toMatchObject({
    status: 'Completed',
    totals: { items: 12_000 * line.split('\n').length - 12_000 },
  });
  const lines = outcomes.map(({ id }) => Number(id.split(':')[1]));
  expect(lines.toSorted((a, b) => a - b)).toEqual(lines.map((_, at) => at + 1));
});

test('a header that cannot be read fails the job at once, with the reason', async () => {
  const { found, service } = await split(
    'lines',
    { source: source('a.csv'), format: 'csv' },
    { 'a.csv': 'a,"b"c\n1,2\n' },
  );
  const { rows } = await service.table.query({ pk: 'P#p#J#j#R1', begins: 'F#' });

  expect(found?.job.status).toBe('Failed');
  expect(rows[0]).toMatchObject({
    code: 'bad-header',
    failureMessage: expect.stringMatching(/quote/i),
    attempts: 1,
  });
});

test.each(['"', '\n', '\r', '', ',"', '123456789'])(
  'the delimiter %j is refused by the schema that creation checks',
  (delimiter) => {
    const check = compileSchema(jsonSchema(lines.definition));

    expect(check({ source: 'upload:x', delimiter })).toMatchObject([{ path: ['delimiter'] }]);
    expect(checkBy(lines.definition, { source: 'upload:x', delimiter }).ok).toBe(false);
  },
);

test.each([',', ';', '\t', '|', ' ', 'é', '→', '😀'])('fields are separated by %j', async (delimiter) => {
  const check = compileSchema(jsonSchema(lines.definition));
  const definition = { source: source('a.csv'), format: 'csv', delimiter };
  const file = `a${delimiter}b\n1${delimiter}"2 ""3"""\n`;

  const { outcomes } = await split('lines', definition, { 'a.csv': file });

  expect(check(definition)).toEqual([]);
  expect(outcomes.map(({ output }) => output)).toEqual([{ a: '1', b: '2 "3"' }]);
});
