import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const pages = globSync(['*.md', 'docs/**/*.md', 'localstack/*.md', 'test/simulation/*.md']);

/** The anchor of a heading, as GitHub derives it. */
const slug = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

function anchorsOf(page: string): Set<string> {
  const text = readFileSync(page, 'utf8');
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => slug(heading));
  const marks = [...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id);
  return new Set([...headings, ...marks]);
}

/** Links of a page whose file or heading does not exist. */
function brokenLinks(page: string): string[] {
  const links = [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)\s]+)\)/g)];
  return links
    .map(([, link = '']) => link)
    .filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : join(page, '..', path);
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchorsOf(target).has(anchor);
    });
}

test.each(pages)('every link of %s has a target', (page) => {
  expect(brokenLinks(page)).toEqual([]);
});

test.each(pages)('every source file that %s names exists', (page) => {
  const names = [
    ...readFileSync(page, 'utf8').matchAll(/`((?:bin|build|clients|functions|lib|test)\/[\w./-]+)`/g),
  ];

  expect(names.map(([, name = '']) => name).filter((name) => !existsSync(name))).toEqual([]);
});

test('every page of docs is linked from another page', () => {
  const linked = pages.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, link = '']) =>
      join(page, '..', link),
    ),
  );

  const unlinked = pages.filter((page) => page.startsWith('docs/') && !linked.includes(page));
  expect(unlinked).toEqual([]);
});
