import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectBytes } from '#core/byte-stream.ts';
import { PermanentFailure, RetryableFailure } from '#core/errors.ts';
import { guardedWeb } from '../../functions/aws/web.ts';
import { fetchPart, openPart, type PartLocation } from '../../functions/sources/parts.ts';
import { readableObjects } from '../../functions/sources/readable-objects.ts';
import { sourceCaches } from '../../functions/sources/source-caches.ts';
import { memoryWorld } from '../support/memory/world.ts';
import { readingPorts } from '../support/policy-evaluator.ts';
import { type WebServer, webServer } from '../support/web-server.ts';
import { aZip, withField } from '../support/zips.ts';

async function parts(objects: Readonly<Record<string, string | Uint8Array>> = {}) {
  const world = memoryWorld();
  for (const [key, body] of Object.entries(objects)) await world.objects.put(key, body);
  world.objects.fill('theirs', 'a/b.txt', 'of another bucket');
  const ports = {
    ...world,
    objects: readableObjects({ ...world, ...readingPorts(world.objects) }, 'p'),
    signal: new AbortController().signal,
    archives: sourceCaches().archives,
  };
  return {
    fetch: async (part: PartLocation, options?: { maxBytes?: number }) =>
      new TextDecoder().decode(await fetchPart(ports, part, options)),
    open: async (part: PartLocation) => collectBytes(await openPart(ports, part), 1e9),
    strictly: { ...ports, web: guardedWeb({}) },
  };
}

function failure(kind: typeof PermanentFailure | typeof RetryableFailure, code: string, message: RegExp) {
  return expect.toSatisfy(
    (error) => error instanceof kind && error.code === code && message.test(error.message),
    `${kind.name} ${code} ${message}`,
  );
}

describe('a part in a bucket', () => {
  test.for([
    [{ key: 'outputs/p/j/1/x' }, 'made by a job'],
    [{ key: 'data/p/x' }, 'data'],
    [{ url: 'upload:u1' }, 'uploaded'],
    [{ url: 's3://jobtree/data/p/x' }, 'data'],
    [{ url: 's3://jobtree/uploads/p/a//b' }, 'two slashes'],
    [{ key: 'data/p/ größe/%2e%2ex/...' }, 'an odd key'],
    [{ url: 's3://theirs/a/b.txt' }, 'of another bucket'],
  ] as const)('%j is read', async ([part, expected]) => {
    const { fetch, open } = await parts({
      'outputs/p/j/1/x': 'made by a job',
      'data/p/x': 'data',
      'uploads/p/u1': 'uploaded',
      'uploads/p/a//b': 'two slashes',
      'data/p/ größe/%2e%2ex/...': 'an odd key',
    });

    expect(await fetch(part)).toBe(expected);
    expect(Buffer.from((await open(part)) as Uint8Array).toString()).toBe(expected);
  });

  test.for([
    { key: 'data/q/x' },
    { key: 'outputs/q/j/1/x' },
    { key: 'requests/p/j/x.json' },
    { url: 's3://jobtree/data/q/x' },
  ])('%j, which is not of its partition, is forbidden', async (part) => {
    const { fetch, open } = await parts({ 'data/q/x': 'secret' });

    await expect(fetch(part)).rejects.toEqual(failure(PermanentFailure, 'source-forbidden', /may read/));
    await expect(open(part)).rejects.toEqual(failure(PermanentFailure, 'source-forbidden', /may read/));
  });

  test('that is not there is missing', async () => {
    const { fetch, open } = await parts();

    const missing = failure(PermanentFailure, 'part-missing', /object 'uploads\/p\/none' does not exist/);
    await expect(fetch({ url: 'upload:none' })).rejects.toEqual(missing);
    await expect(open({ url: 'upload:none' })).rejects.toEqual(missing);
  });

  test('above the limit fails with its size and the limit', async () => {
    const { fetch } = await parts({ 'data/p/x': '0123456789' });

    expect(await fetch({ key: 'data/p/x' }, { maxBytes: 10 })).toBe('0123456789');
    await expect(fetch({ key: 'data/p/x' }, { maxBytes: 9 })).rejects.toEqual(
      failure(PermanentFailure, 'part-too-large', /10 bytes; at most 9/),
    );
  });

  test('of many blocks is a stream, complete and in order', async () => {
    const large = Buffer.alloc(20 * 1024 * 1024, 'abcdefg');
    const { open } = await parts({ 'data/p/large': large });

    expect(Buffer.compare((await open({ key: 'data/p/large' })) as Uint8Array, large)).toBe(0);
  });

  test.for([{}, { url: '' }, { url: 'file:///etc/passwd' }, { url: 'upload:' }, { url: 'data/p/x' }])(
    '%j is not a valid location of a part',
    async (part) => {
      const { fetch } = await parts();

      await expect(fetch(part)).rejects.toEqual(
        failure(PermanentFailure, 'part-unknown', /not a valid location of a part/),
      );
    },
  );
});

describe('a part on the web', () => {
  let server: WebServer;
  beforeAll(async () => {
    const answers: Record<string, (response: ServerResponse) => unknown> = {
      '/file': (response) => response.end('from the web'),
      '/moved': (response) => response.writeHead(301, { location: '/file' }).end(),
      '/busy': (response) => response.writeHead(503, { 'retry-after': '120' }).end(),
      '/endless': (response) => {
        response.on('error', () => undefined);
        const timer = setInterval(() => response.write('x'.repeat(10_000)), 1);
        response.on('close', () => clearInterval(timer));
      },
      '/cut': (response) => {
        response.writeHead(200, { 'content-length': '10' }).write('cut');
        setTimeout(() => response.destroy(), 20);
      },
    };
    server = await webServer(({ path }, response) => {
      const status = Number(/^\/status\/(\d+)$/.exec(path.split('?')[0] ?? '')?.[1]);
      if (Number.isNaN(status)) answers[path]?.(response);
      else response.writeHead(status).end();
    });
  });
  afterAll(() => server.close());

  test('is read, through redirects too', async () => {
    const { fetch, open } = await parts();

    expect(await fetch({ url: `${server.url}/file` })).toBe('from the web');
    expect(await fetch({ url: `${server.url}/moved` })).toBe('from the web');
    expect(Buffer.from((await open({ url: `${server.url}/file` })) as Uint8Array).toString()).toBe(
      'from the web',
    );
  });

  test.for([
    [404, 'part-missing'],
    [410, 'part-missing'],
    [401, 'source-forbidden'],
    [403, 'source-forbidden'],
    [400, 'part-refused'],
    [204, 'part-refused'],
    [304, 'part-refused'],
  ] as const)('answered with %i fails as %s', async ([status, code]) => {
    const { fetch } = await parts();

    await expect(fetch({ url: `${server.url}/status/${status}?token=secret` })).rejects.toEqual(
      failure(PermanentFailure, code, new RegExp(`^127.0.0.1:\\d+ responded with status ${status}[^?]*$`)),
    );
  });

  test.for([429, 408, 500, 502, 503, 504])('answered with %i may be had later', async (status) => {
    const { fetch } = await parts();

    await expect(fetch({ url: `${server.url}/status/${status}` })).rejects.toEqual(
      failure(RetryableFailure, 'web-unavailable', /responded with/),
    );
  });

  test('of a busy server is requested again after its Retry-After time', async () => {
    const { fetch } = await parts();

    await expect(fetch({ url: `${server.url}/busy` })).rejects.toMatchObject({ retryAfterSeconds: 120 });
  });

  test('that is too large is cancelled during the transfer', async () => {
    const { fetch } = await parts();

    await expect(fetch({ url: `${server.url}/endless` }, { maxBytes: 50_000 })).rejects.toEqual(
      failure(PermanentFailure, 'part-too-large', /more than 50000 bytes; at most 50000/),
    );
    await expect(fetch({ url: `${server.url}/file` }, { maxBytes: 3 })).rejects.toEqual(
      failure(PermanentFailure, 'part-too-large', /12 bytes; at most 3/),
    );
  });

  test('that breaks off, or whose server is not there, may be had later', async () => {
    const { fetch } = await parts();

    const later = failure(RetryableFailure, 'web-unavailable', /cannot be reached/);
    await expect(fetch({ url: `${server.url}/cut` })).rejects.toEqual(later);
    await expect(fetch({ url: 'http://127.0.0.1:1/' })).rejects.toEqual(later);
  });

  test('at an address that is not public is forbidden', async () => {
    const { strictly } = await parts();

    for (const url of [server.url, 'https://169.254.169.254/latest', 'https://localhost/']) {
      await expect(fetchPart(strictly, { url })).rejects.toEqual(
        failure(PermanentFailure, 'source-forbidden', /not allowed|public/),
      );
    }
  });
});

describe('a part in a zip archive', () => {
  const entry = (name: string) => ({ url: `upload:z#entry=${encodeURIComponent(name)}` });

  test('is read by its name, compressed or not', async () => {
    const large = Buffer.alloc(9_000_000, 'some text that packs well; ');
    const zip = await aZip({
      'a.txt': 'first',
      'folder/größe (1)#entry=.txt': { stored: 'second' },
      'large.txt': large,
    });
    const { fetch, open } = await parts({ 'uploads/p/z': zip });

    expect(await fetch(entry('a.txt'))).toBe('first');
    expect(await fetch(entry('folder/größe (1)#entry=.txt'))).toBe('second');
    expect(Buffer.compare((await open(entry('large.txt'))) as Uint8Array, large)).toBe(0);
    await expect(fetch(entry('large.txt'), { maxBytes: 1000 })).rejects.toEqual(
      failure(PermanentFailure, 'part-too-large', /9000000 bytes; at most 1000/),
    );
  });

  test('of a name or an archive that is not there is missing', async () => {
    const { fetch } = await parts({ 'uploads/p/z': await aZip({ a: '1' }) });

    await expect(fetch(entry('b'))).rejects.toEqual(
      failure(PermanentFailure, 'part-missing', /no entry 'b'/),
    );
    await expect(fetch({ url: 'upload:none#entry=a' })).rejects.toEqual(
      failure(PermanentFailure, 'part-missing', /archive '.*' does not exist/),
    );
  });

  test.for([
    ['an archive that is none', Buffer.from('not a zip at all'), /no end record/],
    ['an empty file', Buffer.alloc(0), /no end record/],
  ] as const)('%s is told so', async ([, bytes, message]) => {
    const { fetch } = await parts({ 'uploads/p/z': bytes });

    await expect(fetch(entry('a'))).rejects.toEqual(failure(PermanentFailure, 'archive-broken', message));
  });

  test.for([
    ['of more bytes than it announces', 24, 4, /does not have the 4 bytes/],
    ['of fewer bytes than it announces', 24, 9000, /does not have the 9000 bytes/],
    ['with another checksum', 16, 1, /does not match its checksum/],
    ['elsewhere', 42, 1, /not where it should be/],
    ['behind the end', 42, 0xfffffff0, /points to byte/],
    ['that grows too much', 24, 0x70000000, /at most 1000 times/],
  ] as const)('an entry %s is refused', async ([, offset, value, message]) => {
    const zip = withField(await aZip({ a: 'x'.repeat(5000) }), offset, value);
    const { fetch } = await parts({ 'uploads/p/z': zip });

    await expect(fetch(entry('a'), { maxBytes: 2 ** 31 })).rejects.toEqual(
      expect.toSatisfy(
        (error) => error instanceof PermanentFailure && message.test(error.message),
        `${message}`,
      ),
    );
  });

  test('a damaged entry is refused and takes nothing with it', async () => {
    const zip = await aZip({ a: 'x'.repeat(5000), b: { stored: 'fine' } });
    zip.fill(0xff, 31, 40);
    const { fetch } = await parts({ 'uploads/p/z': zip });

    await expect(fetch(entry('a'))).rejects.toEqual(
      failure(PermanentFailure, 'archive-broken', /damaged|bytes/),
    );
    expect(await fetch(entry('b'))).toBe('fine');
  });
});
