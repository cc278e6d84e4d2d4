import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { type CreateJobBody, createJobBody } from '#contract/create-job.ts';
import { checkBy, type Schema } from '#core/schema.ts';
import { compileSchema } from '../../functions/creation/json-schema.ts';
import { readRequest } from '../../functions/scan-sources/request-file.ts';
import { shippedSplitters } from '../../functions/split-batch/splitters/index.ts';
import { shippedWorkers } from '../../lib/shipped-workers.ts';
import type { Block } from './samples/blocks.ts';
import { ALL_BLOCKS, blocksFor, REQUESTS } from './samples/inventory.ts';

/** Bodies of `curl` commands that create a job. */
function bodiesIn({ text }: Block): string[] {
  const commands = text.matchAll(
    /(?:PUT|POST) "\$(?:API|URL)\/partitions\/[^/"]+\/jobs(?:\/[\w-]+)?"[^']*-d '(\{[^']*\})'/g,
  );
  return [...commands].map(([, body = '']) => body);
}

const requests = blocksFor(REQUESTS);
const jobs = [
  ...requests.filter(({ language }) => language === 'json').map(({ page, text }) => [page, text] as const),
  ...ALL_BLOCKS.flatMap((block) => bodiesIn(block).map((body) => [block.page, body] as const)),
];

test('the pages have jobs', () => {
  expect(jobs.length).toBeGreaterThan(9);
});

const workers = shippedWorkers({ documents: true, officeToPdf: true });

/** Schemas of the parameters of the templates that ship. */
const templates = new Map(
  globSync('lib/templates/**/*.yaml').map((file) => [
    basename(file, '.yaml'),
    (parse(readFileSync(file, 'utf8')) as { parametersSchema?: Record<string, unknown> }).parametersSchema,
  ]),
);

/** Returns the faults of the parameters for a template that ships; the pages define the others. */
function templateFaultsOf({ template, parameters }: CreateJobBody): unknown[] {
  if (template === undefined || !templates.has(template)) return [];
  const schema = templates.get(template);
  if (schema === undefined) return parameters === undefined ? [] : ['the template has no parameters'];
  return compileSchema(schema)(parameters ?? {});
}

test('a request file in XML is accepted as it is on the page', () => {
  const files = requests.filter(({ language }) => language === 'xml');

  expect(files.length).toBeGreaterThan(0);
  for (const { page, text } of files) {
    const { body } = readRequest('request.xml', Buffer.from(text));
    // The scanner stores the files beside the request and replaces their relative URLs.
    const stored = JSON.parse(JSON.stringify(body).replaceAll('"documents/', '"upload:documents-'));
    const { data, error } = createJobBody.safeParse(stored);
    expect(error, page).toBeUndefined();
    expect(data && templateFaultsOf(data), page).toEqual([]);
  }
});

test('a parameter that the template does not have is found', () => {
  const body = createJobBody.parse({ template: 'merge-to-pdf', parameters: { dpi: 300 }, items: [] });

  expect(templateFaultsOf(body)).toMatchObject([{ path: ['dpi'] }]);
});

test.each(jobs)('a job in %s is a valid request', (_page, body) => {
  const { data, error } = createJobBody.safeParse(JSON.parse(body));

  expect(error).toBeUndefined();
  expect(data && templateFaultsOf(data)).toEqual([]);
  if (data?.batch === undefined) return;
  const { splitter, definition, worker, parameters = {} } = data.batch;
  const shipped = shippedSplitters.find(({ name }) => name === splitter);
  // The tutorials have a splitter and a worker of their own.
  if (shipped !== undefined) expect(checkBy(shipped.definition, definition)).toMatchObject({ ok: true });
  const schema = workers.get(worker)?.options.parameters;
  if (schema !== undefined && '~standard' in schema)
    expect(checkBy(schema as Schema, parameters)).toMatchObject({ ok: true });
});
