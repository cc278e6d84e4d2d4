import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { bucketOrigin } from '../../../functions/serve-pages/page-headers.ts';
import { type PageEvent, servePages } from '../../../functions/serve-pages/serve-pages.ts';
import { pageFiles } from '../../../lib/pages/pages.ts';

const MAX_FIRST_LOAD_BYTES = 200_000;

const serve = servePages({
  files: (path) => {
    const content = pageFiles().get(path);
    return content && new TextDecoder().decode(content);
  },
  origins: { bucket: 'https://bucket.test', signIn: ['https://login.test'] },
  config: { local: false, version: '1.2.3' },
});

/** The event of a REST API for a path below the stage. */
function get(path: string, more: Partial<PageEvent> = {}) {
  const [, area = '', file] = /^\/(console|docs)(?:\/(.*))?$/.exec(path) ?? [];
  const resource = file ? `/${area}/{file+}` : `/${area}`;
  const event = {
    path,
    resource,
    httpMethod: 'GET',
    headers: {},
    pathParameters: file ? { file } : null,
    ...more,
  };
  const { statusCode, headers = {}, body } = serve(event);
  return { status: statusCode, headers: headers as Record<string, string>, body };
}

const scriptOf = (html: string) => /<script type="module" src="([^"]+)"/.exec(html)?.[1] ?? '';

describe('the console', () => {
  test.each([
    ['/console', 'console/assets/'],
    ['/console/', './assets/'],
    ['/console/p/demo/jobs', '../../assets/'],
    ['/console/p/demo/jobs/', '../../../assets/'],
    ['/console/p/demo/jobs/a%2Fb', '../../../assets/'],
  ])('is one page for %s, whose script is found from there', (path, folder) => {
    const { status, headers, body } = get(path);

    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-cache',
    });
    expect(scriptOf(body)).toMatch(new RegExp(`^${folder.replaceAll('.', '\\.')}console-\\w+\\.js$`));
  });

  test('allows no script, style or connection of another origin, except for the bucket and the issuer', () => {
    const policy = get('/console').headers['Content-Security-Policy'];

    expect(policy?.split('; ')).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self' https://bucket.test https://login.test",
        "frame-ancestors 'none'",
      ]),
    );
    expect(policy).not.toContain('unsafe');
  });

  test('has scripts that browsers keep, because their names change with their content', () => {
    const script = scriptOf(get('/console').body).replace(/^console/, '/console');
    const { status, headers } = get(script);

    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'Content-Type': 'text/javascript; charset=utf-8',
      'Cache-Control': 'public, max-age=31536000, immutable',
    });
  });

  test('responds with 404 for a script of another version, not with its page', () => {
    expect(get('/console/assets/console-OLD.js').status).toBe(404);
  });

  test('has its settings in config.json', () => {
    const { headers, body } = get('/console/config.json');

    expect(headers['Content-Type']).toBe('application/json');
    expect(JSON.parse(body)).toEqual({ local: false, version: '1.2.3' });
  });

  test('is not sent again while its ETag is the same', () => {
    const { headers } = get('/console');
    const again = get('/console', { headers: { 'If-None-Match': headers['ETag'] ?? '' } });

    expect(again).toMatchObject({ status: 304, body: '' });
  });

  test('cannot be written', () => {
    expect(get('/console', { httpMethod: 'POST' })).toMatchObject({
      status: 405,
      headers: { Allow: 'GET, HEAD' },
    });
  });

  test(`loads at most ${MAX_FIRST_LOAD_BYTES / 1000} KB at first, compressed`, () => {
    const files = new Map([...pageFiles()].filter(([path]) => path.startsWith('console/')));
    const first = new Set<string>(['console/index.html']);
    for (const path of first) {
      const text = new TextDecoder().decode(files.get(path));
      // Static imports of a script, and the references of the page.
      const names = [...text.matchAll(/(?:from|import)"\.\/([\w-]+\.js)"|assets\/([\w-]+\.(?:js|css))"/g)];
      for (const [, script, asset] of names) first.add(`console/assets/${script ?? asset}`);
    }

    const bytes = [...first].map((path) => gzipSync(files.get(path) ?? '').length);
    expect(first.size).toBeGreaterThan(2);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MAX_FIRST_LOAD_BYTES);
  });
});

describe('the docs', () => {
  test('explain the code of each problem at an anchor', () => {
    const { status, headers, body } = get('/docs/reference/http-api');

    expect(status).toBe(200);
    expect(headers['Content-Type']).toBe('text/html; charset=utf-8');
    expect(body).toContain('<a id="job-exists"></a>');
  });

  test('link to each other, and every link and anchor has a target', () => {
    const pages = [...pageFiles().keys()].filter(
      (path) => path.startsWith('docs/') && path.endsWith('.html'),
    );
    const html = new Map(pages.map((path) => [path, new TextDecoder().decode(pageFiles().get(path))]));
    const links = pages.flatMap((page) =>
      [...(html.get(page) ?? '').matchAll(/href="(%ROOT%\/[^"]*|#[^"]*)"/g)].map(([, link = '']) => ({
        page,
        link,
      })),
    );

    const broken = links.filter(({ page, link }) => {
      const [path = '', anchor] = link.split('#');
      if (path.startsWith('%ROOT%/..') || path.startsWith('%ROOT%/assets/')) return false;
      const name =
        path === ''
          ? page
          : path === '%ROOT%/'
            ? 'docs/index.html'
            : `docs/${path.slice('%ROOT%/'.length)}.html`;
      const target = html.get(name);
      return target === undefined || (anchor !== undefined && !target.includes(`id="${anchor}"`));
    });

    expect(links.length).toBeGreaterThan(100);
    expect(broken).toEqual([]);
  });

  test('have an index, and a page is also found by the name of its file', () => {
    expect(get('/docs').body).toContain('href="docs/tutorials/first-job"');
    expect(get('/docs/reference/http-api.md').body).toBe(get('/docs/reference/http-api').body);
  });

  test('respond with 404 for a page that does not exist', () => {
    expect(get('/docs/reference/nothing').status).toBe(404);
    expect(get('/docs/../console/index').status).toBe(404);
  });
});

test('the origin of the bucket is that of its signed URLs', () => {
  const place = { bucket: 'b', region: 'eu-west-1' };

  expect(bucketOrigin({ ...place, endpoint: undefined })).toBe('https://b.s3.eu-west-1.amazonaws.com');
  expect(bucketOrigin({ ...place, endpoint: 'http://127.0.0.1:4566/' })).toBe('http://127.0.0.1:4566');
});
