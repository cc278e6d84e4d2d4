import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BROKEN_DOCUMENT, collectDocuments } from '../../../localstack/sample/sample-documents.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'jobtree-documents-'));
  const documents = [
    'b/README.md',
    'a/LICENSE',
    'a/LICENSE-MIT',
    '@s/p/index.html',
    'b/notes.txt',
    'b/scan.PDF',
  ];
  const others = [
    'a/index.js',
    'a/license.generated.js',
    'a/README.ts-fixture',
    '.bin/tool.md',
    'a/data.json',
  ];
  for (const path of [...documents, ...others]) write(path, path);
  write('a/empty.md', '');
  write('a/huge.txt', 'x'.repeat(10 * 1024 * 1024 + 1));
  symlinkSync(join(folder, 'b'), join(folder, 'linked'));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('collectDocuments', () => {
  test('finds documents by name, rare kinds first, and nothing else', () => {
    const documents = collectDocuments({ folder });

    expect(documents.map(({ path, contentType }) => [path, contentType])).toEqual([
      ['b/scan.PDF', 'application/pdf'],
      ['@s/p/index.html', 'text/html'],
      ['b/notes.txt', 'text/plain'],
      ['a/LICENSE', 'text/plain'],
      ['a/LICENSE-MIT', 'text/plain'],
      ['b/README.md', 'text/markdown'],
    ]);
    expect(documents.map((document) => document.read().toString())).toEqual(
      documents.map(({ path }) => path),
    );
  });

  test('cuts off the common kinds at the limit', () => {
    expect(collectDocuments({ folder, limit: 2 }).map(({ path }) => path)).toEqual([
      'b/scan.PDF',
      '@s/p/index.html',
    ]);
  });

  test('finds at least 600 real documents in the packages of this project, PDFs among them', () => {
    const documents = collectDocuments();

    expect(documents.length).toBeGreaterThanOrEqual(600);
    expect(documents.length).toBeLessThanOrEqual(1500);
    expect(new Set(documents.map(({ path }) => path)).size).toBe(documents.length);
    expect(documents.filter(({ contentType }) => contentType === 'application/pdf')).not.toHaveLength(0);
  });
});

test('the broken document begins like a PDF but is not one', () => {
  const text = BROKEN_DOCUMENT.read().toString('latin1');

  expect(text).toMatch(/^%PDF-1\.7/);
  expect(text).not.toContain('%%EOF');
});

function write(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}
