import { createServer } from 'node:https';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectBytes } from '#core/byte-stream.ts';
import { WebForbidden, type WebResponse } from '#core/ports.ts';
import { guardedWeb } from '../../functions/aws/web.ts';
import { LOCALHOST_CERTIFICATE, LOCALHOST_KEY } from '../support/localhost-certificate.ts';
import { closeServer, listening, type WebServer, webServer } from '../support/web-server.ts';
import { namesAt } from './names-at.ts';

const timeoutSeconds = 5;
const strict = guardedWeb({});
const local = guardedWeb({ isLocal: true });

async function text(answer: WebResponse): Promise<string> {
  return new TextDecoder().decode((await collectBytes(answer.body, 1e6)) as Uint8Array);
}

test('another port can be called if the stack allows it', async () => {
  const web = guardedWeb({ ports: [8443], resolve: namesAt('10.0.0.1') });

  await expect(web.send({ url: 'https://a.example:8443/', timeoutSeconds })).rejects.toThrow(
    /is not a public internet address/,
  );
  await expect(web.send({ url: 'https://a.example:8444/', timeoutSeconds })).rejects.toThrow(
    /allowed: 443, 8443/,
  );
});

describe('over HTTP, on a laptop', () => {
  let server: WebServer;
  let other: WebServer;

  beforeAll(async () => {
    other = await webServer(({ path }, response) => response.end(`other ${path}`));
    server = await webServer(({ method, path, body }, response) => {
      if (path === '/moved') return response.writeHead(302, { location: '/there' }).end();
      if (path === '/away') return response.writeHead(307, { location: `${other.url}/x` }).end();
      if (path === '/loop') return response.writeHead(302, { location: '/loop' }).end();
      if (path === '/file') return response.writeHead(302, { location: 'file:///etc/passwd' }).end();
      if (path === '/slow') return undefined;
      if (path === '/drip') return response.write('a');
      if (path === '/broken') {
        response.writeHead(200, { 'content-length': '100' }).write('only this');
        return setTimeout(() => response.destroy(), 20);
      }
      return response.writeHead(200, { 'x-seen': 'yes' }).end(`${method} ${path} ${body}`);
    });
  });
  afterAll(() => Promise.all([server.close(), other.close()]));

  test('method, headers and body arrive, and the response is returned', async () => {
    const answer = await local.send({
      url: `${server.url}/a?b=c`,
      method: 'POST',
      headers: { 'x-mine': '1' },
      body: 'größe',
      timeoutSeconds,
    });

    expect(answer).toMatchObject({ status: 200, headers: { 'x-seen': 'yes' } });
    expect(await text(answer)).toBe('POST /a?b=c größe');
    expect(server.requests.at(-1)?.headers).toMatchObject({ 'x-mine': '1', 'content-length': '7' });
  });

  test('redirects are returned unless they should be followed', async () => {
    const kept = await local.send({ url: `${server.url}/moved`, timeoutSeconds });
    const followed = await local.send({ url: `${server.url}/moved`, timeoutSeconds, maxRedirects: 3 });
    const posted = await local.send({
      url: `${server.url}/moved`,
      method: 'POST',
      timeoutSeconds,
      maxRedirects: 3,
    });
    for (const unread of [kept, posted]) unread.close();

    expect([kept.status, posted.status]).toEqual([302, 302]);
    expect(await text(followed)).toBe('GET /there ');
  });

  test('headers are not sent to another server after a redirect', async () => {
    const headers = { authorization: 'Bearer secret' };

    await text(await local.send({ url: `${server.url}/away`, headers, timeoutSeconds, maxRedirects: 1 }));

    expect(server.requests.at(-1)?.headers['authorization']).toBe('Bearer secret');
    expect(other.requests.at(-1)?.headers['authorization']).toBeUndefined();
  });

  test('range headers are sent to another server after a redirect', async () => {
    const headers = { Range: 'bytes=0-9', 'If-Range': '"1"', 'X-Api-Key': 'secret' };

    await text(await local.send({ url: `${server.url}/away`, headers, timeoutSeconds, maxRedirects: 1 }));

    expect(other.requests.at(-1)?.headers).toMatchObject({ range: 'bytes=0-9', 'if-range': '"1"' });
    expect(other.requests.at(-1)?.headers['x-api-key']).toBeUndefined();
  });

  test('redirects are limited, and checked like the first URL', async () => {
    const before = server.requests.length;

    const answer = await local.send({ url: `${server.url}/loop`, timeoutSeconds, maxRedirects: 3 });
    answer.close();

    expect(answer.status).toBe(302);
    expect(server.requests.length - before).toBe(4);
    await expect(local.send({ url: `${server.url}/file`, timeoutSeconds, maxRedirects: 3 })).rejects.toThrow(
      WebForbidden,
    );
  });

  test.for(['/slow', '/drip'])('%s is aborted after its timeout', async (path) => {
    const asking = async () => text(await local.send({ url: `${server.url}${path}`, timeoutSeconds: 0.2 }));

    await expect(asking()).rejects.toThrow('no complete response within 0.2 s');
  });

  test('a truncated body is an error, not a short body', async () => {
    const asking = async () => text(await local.send({ url: `${server.url}/broken`, timeoutSeconds }));

    await expect(asking()).rejects.toThrow('aborted');
  });

  test('the signal of the caller ends the request', async () => {
    const caller = new AbortController();
    const asking = local.send({ url: `${server.url}/slow`, timeoutSeconds, signal: caller.signal });

    caller.abort(new Error('enough'));

    await expect(asking).rejects.toThrow('The operation was aborted');
  });

  test('a stack that is not local cannot reach it', async () => {
    const before = server.requests.length;

    await expect(strict.send({ url: server.url, timeoutSeconds })).rejects.toThrow(WebForbidden);
    expect(server.requests.length).toBe(before);
  });
});

describe('over HTTPS', () => {
  test('certificates are checked', async () => {
    const [key, cert] = [LOCALHOST_KEY, LOCALHOST_CERTIFICATE];
    const server = createServer({ key, cert }, (_request, response) => response.end('safe'));
    const { port } = new URL(await listening(server));

    const url = `https://localhost:${port}/`;
    const trusted = await text(await guardedWeb({ isLocal: true, ca: cert }).send({ url, timeoutSeconds }));

    expect(trusted).toBe('safe');
    await expect(local.send({ url, timeoutSeconds })).rejects.toThrow(/certificate/);
    await closeServer(server);
  });
});
