import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { DOC_SECTIONS, docsPath } from '../../../clients/console/pages/registry/docs-links.ts';
import {
  requestWithSplitter,
  requestWithWorker,
} from '../../../clients/console/pages/registry/example-request.ts';
import { shippedSplitters } from '../../../functions/split-batch/splitters/index.ts';
import { docsFiles } from '../../../lib/pages/docs-pages.ts';
import { jsonSchema } from '../../../lib/registry.ts';
import { shippedWorkers } from '../../../lib/shipped-workers.ts';

const ajv = new Ajv2020({ strict: false });
const workers = [...shippedWorkers({ documents: true, officeToPdf: true })].map(([name, { options }]) => ({
  name,
  description: options.description,
  parameters: jsonSchema(options.parameters),
}));
const splitters = shippedSplitters.map(({ name, description, definition }) => ({
  name,
  description,
  definition: jsonSchema(definition),
}));
const splitterNamed = (name: string) => splitters.find((one) => one.name === name)?.definition ?? {};

interface Example {
  readonly batch: { readonly splitter: string; readonly definition: unknown; readonly parameters?: unknown };
}

describe('the example request', () => {
  test.each(workers)('of worker $name matches the schemas', (worker) => {
    const { batch } = requestWithWorker(worker) as Example;

    expect(ajv.validate(worker.parameters, batch.parameters ?? {}), ajv.errorsText()).toBe(true);
    expect(ajv.validate(splitterNamed(batch.splitter), batch.definition), ajv.errorsText()).toBe(true);
  });

  test.each(splitters)('of splitter $name matches its schema', (splitter) => {
    const example = requestWithSplitter(splitter, workers) as Partial<Example> & { definition?: unknown };

    const definition = example.batch?.definition ?? example.definition;
    expect(ajv.validate(splitter.definition, definition), ajv.errorsText()).toBe(true);
  });
});

test('each worker and splitter that ships links to a section of the docs', () => {
  const pages = docsFiles();
  expect(Object.keys(DOC_SECTIONS.workers).sort()).toEqual(workers.map(({ name }) => name).sort());
  expect(Object.keys(DOC_SECTIONS.splitters).sort()).toEqual(splitters.map(({ name }) => name).sort());
  const links = [
    ...['my-own', ...workers.map(({ name }) => name)].map((name) => docsPath('workers', name)),
    ...['my-own', ...splitters.map(({ name }) => name)].map((name) => docsPath('splitters', name)),
  ];

  for (const link of links) {
    const [path, section] = link.split('#');
    const html = new TextDecoder().decode(pages.get(`${path}.html`));
    expect(html, link).toContain(`id="${section}"`);
  }
});
