import { describe, expect, test } from 'vitest';
import type { Item } from '#core/item.ts';
import { guardedWeb } from '../../../functions/aws/web.ts';
import { fileOf } from '../../support/file-server.ts';
import { LOCALHOST_CERTIFICATE } from '../../support/localhost-certificate.ts';
import { memoryService } from '../../support/memory-service.ts';
import { aServer, echo, split } from './a-web-source.ts';

const OLD = 'Sat, 01 Jan 2022 00:00:00 GMT';
const numbered = (name: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${name}-${i}`).join('\n');
const linesOf = (outcomes: readonly { output?: unknown }[]) =>
  outcomes.map(({ output }) => (output as { line: string }).line);

describe('lines of a file of the web', () => {
  test('are read by ranges of one version, once each, however often splitting is interrupted', async () => {
    const text = numbered('line', 6_000);
    const server = await aServer({ '/a.txt?key=1': text });
    let looks = 0;

    const { job, outcomes } = await split(
      server,
      'lines',
      { source: `${server.url}/a.txt?key=1`, rangeBytes: 10_000 },
      { isSplittingOver: () => ++looks % 2 === 0 },
    );

    expect(job).toMatchObject({ status: 'Completed', totals: { items: 6_000, failed: 0 } });
    expect(new Set(linesOf(outcomes))).toEqual(new Set(text.split('\n')));
    expect(outcomes.find(({ id }) => id === '0:5001')?.output).toEqual({ line: 'line-5000' });
    expect(server.requests.length).toBeGreaterThan(8);
    expect(server.requests.every(({ range }) => range !== undefined)).toBe(true);
  });

  test('are read from several files, of the web and of the partition', async () => {
    const server = await aServer({ '/a.csv': 'n,s\n1,x\n2,y', '/b.csv': 'n,s\n3,z' });
    const items: Item[] = [];
    const service = memoryService({ workers: [echo(items)], web: server.web });
    await service.objects.put('data/p/c.csv', 'n,s\n4,w');
    const source = [`${server.url}/a.csv`, 's3://jobtree/data/p/c.csv', `${server.url}/b.csv`];

    await service.submit({ splitter: 'lines', worker: 'echo' }, { definition: { source, format: 'csv' } });
    await service.drain();

    expect(items.map(({ id, payload }) => [id, (payload as { s: string }).s]).sort()).toEqual([
      ['0:2', 'x'],
      ['0:3', 'y'],
      ['1:2', 'w'],
      ['2:2', 'z'],
    ]);
  });

  test('of more sources than one page go on behind the last one', async () => {
    const names = Array.from({ length: 120 }, (_, i) => `/${i}.txt`);
    const server = await aServer(Object.fromEntries(names.map((name) => [name, name])));

    const { job, outcomes } = await split(
      server,
      'lines',
      { source: names.map((name) => server.url + name) },
      { isSplittingOver: () => true },
    );

    expect(job).toMatchObject({ status: 'Completed', totals: { items: 120 } });
    expect(linesOf(outcomes).sort()).toEqual(names.toSorted());
    expect(outcomes.map(({ id }) => id)).toContain('119:1');
  });

  test.for([
    ['gives no ranges', { hasRanges: false }, true],
    ['has a weak tag', { etag: 'W/"1"' }, true],
    ['has no validator', { etag: 'none' }, true],
    ['has only a fresh time of change', { etag: 'none', lastModified: new Date().toUTCString() }, true],
    ['has only an old time of change', { etag: 'none', lastModified: OLD }, false],
    ['has a weak tag and an old time of change', { etag: 'W/"1"', lastModified: OLD }, false],
  ] as const)('whose server %s are read whole only if they must be', async ([, file, isReadWhole]) => {
    const text = numbered('line', 3_000);
    const server = await aServer({ '/a.txt': { bytes: Buffer.from(text), ...file } });

    const { job, outcomes } = await split(
      server,
      'lines',
      { source: `${server.url}/a.txt`, rangeBytes: 10_000 },
      { isSplittingOver: () => true },
    );

    expect(job).toMatchObject({ status: 'Completed', totals: { items: 3_000, failed: 0 } });
    expect(new Set(linesOf(outcomes)).size).toBe(3_000);
    expect(server.requests.some(({ range = '' }) => /^bytes=[1-9]/.test(range))).toBe(!isReadWhole);
  });

  test.for([
    ['with ranges', {}],
    ['read whole', { hasRanges: false }],
  ] as const)('that change meanwhile fail the job: %s', async ([, file]) => {
    const server = await aServer({ '/a.txt': { ...fileOf(numbered('old', 3_000)), ...file } });
    server.intercept = () => {
      // After it was looked at, and before it is read.
      if (server.requests.length === 2)
        server.files.set('/a.txt', { ...fileOf(numbered('new', 3_000)), ...file });
      return false;
    };

    const { job, failure, items } = await split(server, 'lines', {
      source: `${server.url}/a.txt`,
      rangeBytes: 10_000,
    });

    expect(job?.status).toBe('Failed');
    expect(failure).toMatchObject({ code: 'source-changed' });
    expect(items).toEqual([]);
  });

  test('that change between two ranges fail the job, and no line of the new version is processed', async () => {
    const server = await aServer({ '/a.txt': numbered('old', 9_000) });
    server.intercept = ({ headers }) => {
      if (/^bytes=[1-9]/.test(headers.range ?? '')) {
        server.files.set('/a.txt', fileOf(numbered('new', 9_000)));
      }
      return false;
    };

    const { job, failure, items } = await split(server, 'lines', {
      source: `${server.url}/a.txt`,
      rangeBytes: 30_000,
    });

    expect(job?.status).toBe('Failed');
    expect(failure).toMatchObject({ code: 'source-changed' });
    expect(items.every(({ payload }) => (payload as { line: string }).line.startsWith('old'))).toBe(true);
  });

  test('of an empty file are none', async () => {
    const server = await aServer({ '/empty': '' });

    expect((await split(server, 'lines', { source: `${server.url}/empty` })).job).toMatchObject({
      status: 'Completed',
      totals: { items: 0 },
    });
  });

  test('are found behind a redirect to another server, whose ranges they are', async () => {
    const other = await aServer({ '/a.txt': numbered('line', 2_000) });
    const server = await aServer({});
    server.intercept = (_, response) => {
      response.writeHead(302, { location: `${other.url}/a.txt` }).end();
      return true;
    };

    const { job } = await split(server, 'lines', { source: `${server.url}/x`, rangeBytes: 10_000 });

    expect(job).toMatchObject({ status: 'Completed', totals: { items: 2_000 } });
    expect(other.requests.every(({ range }) => range !== undefined)).toBe(true);
  });

  test('are requested again if the server is busy', async () => {
    const server = await aServer({ '/a.txt': 'x\ny' });
    server.intercept = (_, response) => {
      if (server.requests.length > 1) return false;
      response.writeHead(503).end();
      return true;
    };

    expect((await split(server, 'lines', { source: `${server.url}/a.txt` })).job?.totals?.items).toBe(2);
  });

  test.for([
    [404, 'source-missing', /no such file at 'localhost:\d+'/],
    [403, 'source-forbidden', /responded with status 403/],
    [418, 'source-refused', /responded with status 418/],
  ] as const)('that answers %i fail the job: %s, without their path', async ([status, code, reason]) => {
    const server = await aServer({});
    server.intercept = (_, response) => {
      response.writeHead(status).end();
      return true;
    };

    const { job, failure } = await split(server, 'lines', { source: `${server.url}/x?token=secret` });

    expect(job?.status).toBe('Failed');
    expect(failure).toMatchObject({ code, failureMessage: expect.stringMatching(reason) });
    expect(JSON.stringify(failure)).not.toContain('secret');
  });

  test.for([
    [
      'encoded as it does not say',
      { headers: { 'content-encoding': 'gzip' } },
      'encoding-broken',
      /not valid gzip/,
    ],
    [
      'encoded in an unknown way',
      { headers: { 'content-encoding': 'lz5' } },
      'encoding-unsupported',
      /'lz5'/,
    ],
    [
      'too large to be read whole',
      { bytes: Buffer.alloc(33 * 1024 * 1024), hasRanges: false },
      'source-too-large',
      /more than 33554432 bytes, and the server supports no byte ranges/,
    ],
  ] as const)('that is %s fail the job', async ([, file, code, reason]) => {
    const server = await aServer({ '/a.txt': { ...fileOf('x'), ...file } });

    const { failure } = await split(server, 'lines', { source: `${server.url}/a.txt` });

    expect(failure).toMatchObject({ code, failureMessage: expect.stringMatching(reason) });
  });

  test('of more bytes than are split fail the job', async () => {
    const server = await aServer({});
    server.intercept = (_, response) => {
      const contentRange = `bytes 0-0/${11 * 1024 ** 3}`;
      response.writeHead(206, { 'content-range': contentRange, etag: '"big"' }).end('x');
      return true;
    };

    const { failure } = await split(server, 'lines', { source: `${server.url}/a.txt` });

    expect(failure).toMatchObject({ code: 'source-too-large' });
  });

  test('whose server returns a different range from the requested one fail the job', async () => {
    const server = await aServer({ '/a.txt': numbered('line', 3_000) });
    server.intercept = ({ headers }, response) => {
      if (headers.range === 'bytes=0-0') return false;
      const etag = String(headers['if-range']);
      response.writeHead(206, { 'content-range': 'bytes 7-9/30000', etag }).end('abc');
      return true;
    };

    const { failure } = await split(server, 'lines', { source: `${server.url}/a.txt` });

    expect(failure).toMatchObject({ code: 'ranges-unsupported' });
  });

  test('are out of reach at private addresses', async () => {
    const server = await aServer({ '/a.txt': 'x' });
    const { port } = new URL(server.url);
    const web = guardedWeb({ ca: LOCALHOST_CERTIFICATE, ports: [Number(port)] });

    const { failure } = await split(server, 'lines', { source: `${server.url}/a.txt` }, { web });

    expect(failure).toMatchObject({ code: 'source-forbidden' });
    expect(server.requests).toEqual([]);
  });
});
