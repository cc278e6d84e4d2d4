/** Makes readable HTML pages of the Markdown docs, so that the links of problems lead to a page of the stack. */
import { readFileSync } from 'node:fs';
import { basename, dirname, join, normalize, relative } from 'node:path';
import { buildSync } from 'esbuild';
import { Marked, type Tokens } from 'marked';
import { projectFile } from '../own-code.ts';
import { BROWSERS } from './browsers.ts';
import { filesIn } from './files-in.ts';

/** Folders of the docs in the order of the index, with their headings. */
const SECTIONS = {
  tutorials: 'Tutorials',
  'how-to': 'How-to guides',
  reference: 'Reference',
  explanation: 'Explanation',
  'explanation/decisions': 'Decisions',
} as const;

interface DocPage {
  /** Path without extension, such as `reference/http-api`. */
  readonly path: string;
  readonly title: string;
  readonly markdown: string;
}

/** Returns the pages and their style by their paths below `/docs`. */
export function docsFiles(): Map<string, Uint8Array> {
  const pages = readPages();
  const style = docsStyle();
  const files = new Map<string, Uint8Array>([[style.path, style.content]]);
  const add = (path: string, title: string, html: string) =>
    files.set(
      `${path}.html`,
      new TextEncoder().encode(htmlPage({ path, title, html, stylePath: style.path, pages })),
    );
  for (const page of pages) add(page.path, page.title, htmlOf(page));
  add('index', 'Docs', indexHtml(pages));
  return files;
}

function readPages(): DocPage[] {
  const root = projectFile('docs');
  return filesIn(root)
    .filter((file) => file.endsWith('.md'))
    .map((file) => {
      const markdown = readFileSync(join(root, file), 'utf8');
      const title = /^# (.+)$/m.exec(markdown)?.[1] ?? file;
      return { path: file.replace(/\.md$/, ''), title, markdown };
    });
}

function docsStyle(): { path: string; content: Uint8Array } {
  const { outputFiles } = buildSync({
    entryPoints: [projectFile('clients/console/styles/docs.css')],
    outdir: 'docs',
    entryNames: 'docs-[hash]',
    bundle: true,
    minify: true,
    write: false,
    target: BROWSERS,
    logLevel: 'warning',
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error('esbuild returned no style for the docs');
  return { path: `assets/${basename(file.path)}`, content: file.contents };
}

function htmlOf({ path, markdown }: DocPage): string {
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth, text }: Tokens.Heading) {
        const id = slugOf(text);
        return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}<a class="anchor" href="#${id}" aria-label="Link to this section">#</a></h${depth}>\n`;
      },
      link({ href, tokens }: Tokens.Link) {
        const content = this.parser.parseInline(tokens);
        const target = targetOf(path, href);
        return target === undefined ? content : `<a href="${target}">${content}</a>`;
      },
      code({ text }: Tokens.Code) {
        // An area that scrolls must be reachable by keyboard.
        return `<pre tabindex="0"><code>${escapedCode(text)}</code></pre>\n`;
      },
      table(token: Tokens.Table) {
        const cells = (row: Tokens.TableCell[], tag: string) =>
          row.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`).join('');
        const rows = token.rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('');
        return `<div class="table" tabindex="0" role="region" aria-label="Table"><table><thead><tr>${cells(token.header, 'th')}</tr></thead><tbody>${rows}</tbody></table></div>\n`;
      },
    },
  });
  return marked.parse(markdown, { async: false });
}

/** Returns the anchor of a heading, in the form that GitHub uses. */
export function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

/** Returns the address of a link; `undefined` for files of the repository that the stack does not serve. */
function targetOf(path: string, href: string): string | undefined {
  if (/^(https?:|#|mailto:)/.test(href)) return href;
  const [file = '', anchor] = href.split('#');
  const target = normalize(join(dirname(path), file));
  if (target === 'openapi.json') return '%ROOT%/../openapi.json';
  if (target.startsWith('..') || !target.endsWith('.md')) return undefined;
  return `%ROOT%/${target.replace(/\.md$/, '')}${anchor === undefined ? '' : `#${anchor}`}`;
}

function indexHtml(pages: readonly DocPage[]): string {
  const lists = Object.entries(SECTIONS).map(([folder, heading]) => {
    const items = pages.filter(({ path }) => dirname(path) === folder).map(linkItem);
    return `<h2>${heading}</h2><ul>${items.join('')}</ul>`;
  });
  return `<h1>Docs of this version</h1>${lists.join('')}<h2>Words</h2><ul>${pages
    .filter(({ path }) => dirname(path) === '.')
    .map(linkItem)
    .join('')}</ul>`;
}

function linkItem({ path, title }: DocPage): string {
  return `<li><a href="%ROOT%/${path}">${escaped(title)}</a></li>`;
}

interface PageParts {
  readonly path: string;
  readonly title: string;
  readonly html: string;
  readonly stylePath: string;
  readonly pages: readonly DocPage[];
}

function htmlPage({ path, title, html, stylePath, pages }: PageParts): string {
  const folder = dirname(path);
  const siblings = pages.filter((page) => relative(folder, dirname(page.path)) === '' && folder !== '.');
  const current = (other: string) => (other === path ? ' aria-current="page"' : '');
  const nav = siblings
    .map((page) => `<li><a href="%ROOT%/${page.path}"${current(page.path)}>${escaped(page.title)}</a></li>`)
    .join('');
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escaped(title)} · jobtree</title>`,
    '<link rel="icon" href="data:,">',
    `<link rel="stylesheet" href="%ROOT%/${stylePath}">`,
    '</head>',
    '<body>',
    '<header><a class="brand" href="%ROOT%/../console">jobtree</a><a href="%ROOT%/">Docs</a><a href="%ROOT%/reference/http-api">HTTP API</a></header>',
    '<div class="page">',
    nav === ''
      ? ''
      : `<nav aria-label="${SECTIONS[folder as keyof typeof SECTIONS] ?? 'Pages'}"><ul>${nav}</ul></nav>`,
    `<main>${html}</main>`,
    '</div>',
    '</body>',
    '</html>',
  ].join('\n');
}

function escapedCode(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;').replaceAll('`', '');
}
