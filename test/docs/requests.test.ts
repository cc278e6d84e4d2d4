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

/** Bodies of jobs on a page: of `curl` commands that create one, and of blocks of JSON with a form of work. */
function jobsOf(page: string): string[] {
  const text = readFileSync(page, 'utf8');
  const commands = text.matchAll(
    /(?:PUT|POST) "\$(?:API|URL)\/partitions\/[^/"]+\/jobs(?:\/[\w-]+)?"[^']*-d '(\{[^']*\})'/g,
  );
  const blocks = text.matchAll(/^ *```json\n((?:(?!```).)*?"(?:batch|template|task)": .*?)^ *```/gms);
  return [...commands, ...blocks].map(([, body = '']) => body);
}

/** Request files in XML on a page. */
function requestFilesOf(page: string): string[] {
  const blocks = readFileSync(page, 'utf8').matchAll(/^ *```xml\n((?:(?!```).)*?<jobRequest.*?)^ *```/gms);
  return [...blocks].map(([, text = '']) => text);
}

const PAGES = globSync(['README.md', 'docs/**/*.md', 'localstack/*.md']);

const jobs = PAGES.flatMap((page) => jobsOf(page).map((body): [string, string] => [page, body]));

test('the pages have jobs', () => {
  expect(jobs.length).toBeGreaterThan(9);
});

const workers = shippedWorkers({ documents: true });

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
  const files = PAGES.flatMap((page) => requestFilesOf(page).map((text) => [page, text] as const));

  expect(files.length).toBeGreaterThan(0);
  for (const [page, text] of files) {
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
