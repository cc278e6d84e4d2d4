import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openApiDocument } from '#contract/openapi.ts';
import { withLifecycleGraph } from '../../docs/lifecycle-graph.ts';
import packageFile from '../../package.json' with { type: 'json' };

test('the lifecycle graph is the one of the transition table (npm run docs)', () => {
  const page = readFileSync('docs/job-lifecycle.md', 'utf8');

  expect(withLifecycleGraph(page)).toBe(page);
});

test('docs/openapi.json is the document that the service serves (npm run docs)', () => {
  const committed = JSON.parse(readFileSync('docs/openapi.json', 'utf8'));

  expect(openApiDocument(packageFile.version)).toEqual(committed);
});

test.each([
  'README.md',
  'CONTRIBUTING.md',
  'docs/overview.md',
  'docs/glossary.md',
  'docs/http-api.md',
  'docs/workers.md',
  'docs/splitters.md',
  'docs/security.md',
])('every file that %s links to is there', (page) => {
  const text = readFileSync(page, 'utf8');
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link]) => link ?? '');
  const folder = page.includes('/') ? 'docs/' : '';

  for (const link of links) expect(() => readFileSync(`${folder}${link}`), link).not.toThrow(/ENOENT/);
});
