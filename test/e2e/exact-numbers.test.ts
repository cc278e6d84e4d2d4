import { gzipSync } from 'node:zlib';
import { expect, inject, test } from 'vitest';
import { webServer } from '../support/web-server.ts';
import { freshPartition, jobPath, runBatch } from './rest.ts';

/** Servers of this machine are reached only by a service that runs on it. */
const isEmulated = inject('endpoint') !== '';

const FIRST =
  '{"rows":[{"id":9007199254740992},{"id":9007199254740993,"n":0.1234567890123456789,"name":"Größe"}],"next":12345678901234567891}';
const SECOND = '{"rows":[],"next":null}';

test.runIf(isEmulated)('numbers keep every digit from a list through a request to the output', async () => {
  const sent: string[] = [];
  const server = await webServer(({ path, body }, response) => {
    if (path.startsWith('/list')) {
      const type = 'application/json; charset=iso-8859-1';
      const page = Buffer.from(path.includes('c=12345678901234567891') ? SECOND : FIRST, 'latin1');
      return response
        .writeHead(200, { 'content-type': type, 'content-encoding': 'gzip' })
        .end(gzipSync(page));
    }
    sent.push(`${path} ${body}`);
    response.setHeader('content-type', 'application/json');
    return response.end('{"got":12345678901234567892}');
  });

  const { path, job } = await runBatch(freshPartition(), 'digits', {
    splitter: 'query',
    definition: {
      url: `${server.url}/list`,
      itemsPath: 'rows',
      idPath: 'id',
      cursorPath: 'next',
      cursorParameter: 'c',
    },
    worker: 'http',
    parameters: { url: `${server.url}/in/{item.id}`, body: { payload: '{item.payload}' } },
  });
  const item = await textOf(`${path}/items/9007199254740993`);
  await server.close();

  expect(job).toMatchObject({ status: 'Completed', items: { found: 2, succeeded: 2 } });
  const payload = '{"id":9007199254740993,"n":0.1234567890123456789,"name":"Größe"}';
  expect(sent.sort()).toEqual([
    '/in/9007199254740992 {"payload":{"id":9007199254740992}}',
    `/in/9007199254740993 {"payload":${payload}}`,
  ]);
  expect(item).toContain(`"payload":${payload}`);
  expect(item).toContain('"body":{"got":12345678901234567892}');
});

async function textOf(path: string): Promise<string> {
  const response = await fetch(`${inject('url')}${path}`, {
    headers: { authorization: `Bearer ${inject('token')}` },
  });
  return response.text();
}

test('a body that is not UTF-8, or has a number that loses digits, is refused with the location', async () => {
  const path = jobPath(freshPartition(), 'j');
  const send = async (body: Buffer) => {
    const response = await fetch(`${inject('url')}${path}`, {
      method: 'PUT',
      body: new Uint8Array(body),
      headers: { authorization: `Bearer ${inject('token')}`, 'content-type': 'application/json' },
    });
    return { status: response.status, body: await response.json() };
  };
  const bodyOf = (item: string) =>
    `{"name":"Größe","batch":{"splitter":"items","worker":"rehearse","definition":{"items":[${item}]}}}`;

  const latin = await send(Buffer.from(bodyOf('1'), 'latin1'));
  const long = await send(Buffer.from(bodyOf('{"n":9007199254740993}')));
  const decimal = await send(Buffer.from(bodyOf('{"n":0.1234567890123456789}')));

  expect(latin).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '', detail: 'is not valid UTF-8 at byte 11' }] },
  });
  expect(long).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '/batch/definition/items/0/n', detail: expect.stringContaining('2^53') }] },
  });
  expect(decimal).toMatchObject({
    status: 400,
    body: {
      errors: [{ pointer: '/batch/definition/items/0/n', detail: expect.stringContaining('more digits') }],
    },
  });
});
