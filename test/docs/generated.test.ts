import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openApiDocument } from '#contract/openapi.ts';
import { commandLineReference } from '../../docs/command-line-reference.ts';
import { withLifecycleGraph } from '../../docs/lifecycle-graph.ts';
import packageFile from '../../package.json' with { type: 'json' };

test('the life-cycle graph matches the transition table (npm run docs)', () => {
  const page = readFileSync('docs/explanation/job-lifecycle.md', 'utf8');

  expect(withLifecycleGraph(page)).toBe(page);
});

test('docs/openapi.json matches the document of the service (npm run docs)', () => {
  const committed = JSON.parse(readFileSync('docs/openapi.json', 'utf8'));

  expect(openApiDocument(packageFile.version)).toEqual(committed);
});

test('the reference of the command line matches the definitions of its commands (npm run docs)', () => {
  expect(readFileSync('docs/reference/command-line.md', 'utf8')).toBe(commandLineReference());
});
