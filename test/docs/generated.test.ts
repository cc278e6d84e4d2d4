import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openApiDocument } from '#contract/openapi.ts';
import { withLifecycleGraph } from '../../docs/lifecycle-graph.ts';
import packageFile from '../../package.json' with { type: 'json' };

test('the lifecycle graph is the one of the transition table (npm run docs)', () => {
  const page = readFileSync('docs/explanation/job-lifecycle.md', 'utf8');

  expect(withLifecycleGraph(page)).toBe(page);
});

test('docs/openapi.json is the document that the service serves (npm run docs)', () => {
  const committed = JSON.parse(readFileSync('docs/openapi.json', 'utf8'));

  expect(openApiDocument(packageFile.version)).toEqual(committed);
});
