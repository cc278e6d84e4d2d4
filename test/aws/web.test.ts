import { createServer } from 'node:https';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collected } from '#core/byte-stream.ts';
import { type WebAnswer, WebForbidden } from '#core/ports.ts';
import { isPublicAddress } from '../../functions/aws/public-address.ts';
import { guardedWeb, type Resolve } from '../../functions/aws/web.ts';
import { LOCALHOST_CERTIFICATE, LOCALHOST_KEY } from '../support/localhost-certificate.ts';
import { closed, listening, type WebServer, webServer } from '../support/web-server.ts';

const timeoutSeconds = 5;
const strict = guardedWeb({});
const local = guardedWeb({ isLocal: true });

async function text(answer: WebAnswer): Promise<string> {
  return new TextDecoder().decode((await collected(answer.body, 1e6)) as Uint8Array);
}

/** Every name is at these addresses. */
function at(...addresses: string[]): Resolve {
  return (_hostname, _options, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
}

describe('an address', () => {
  test.for([
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '100.64.0.1',
    '100.127.255.255',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '169.254.170.2',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.19.255.255',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::ffff:0:10.0.0.1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'ff02::1',
    'localhost',
    '',
  ])('%s is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  test.for([
    '1.1.1.1',
    '9.255.255.255',
    '100.63.255.255',
    '100.128.0.1',
    '172.15.0.1',
    '172.32.0.1',
    '198.17.0.1',
    '223.255.255.255',
    '2606:4700::1111',
    '2a00:1450:4001::1',
  ])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

/** Each is one way to write an address of this machine, of a private network or of the metadata service. */
const HOSTS = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '0x7F.0x0.0x0.0x1',
  '017700000001',
  '0177.0.0.1',
  '0177.0x0.0.1',
  '127.0.0.1.',
  '127.00.00.01',
  '%31%32%37.0.0.1',
  '１２７.0.0.1',
  '①②⑦.⓪.⓪.①',
  '127。0。0。1',
  '0',
  '0.0.0.0',
  '0x0',
  '00000000',
  '10.0.0.1',
  '10.1',
  '0xa000001',
  '167772161',
  '012.0.0.1',
  '100.64.0.1',
  '169.254.169.254',
  '169.254.43518',
  '169.16689662',
  '2852039166',
  '0xa9fea9fe',
  '0xa9.0xfe.0xa9.0xfe',
  '0251.0376.0251.0376',
  '025177524776',
  '169.254.170.2',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.0.1',
  '192.168.1',
  '3232235521',
  '0xc0a80001',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '4294967295',
  '[::]',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[0000:0000:0000:0000:0000:0000:0000:0001]',
  '[::127.0.0.1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::FFFF:7F00:0001]',
  '[0:0:0:0:0:ffff:127.0.0.1]',
  '[::ffff:169.254.169.254]',
  '[::ffff:a9fe:a9fe]',
  '[::ffff:10.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b::169.254.169.254]',
  '[2002:7f00:1::]',
  '[2002:a9fe:a9fe::]',
  '[2001:0:7f00:1::]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[fe80::1]',
  '[ff02::1]',
];

/** Where in a URL a host may stand. */
const FORMS: ((host: string) => string)[] = [
  (host) => `https://${host}/`,
  (host) => `https://${host}:443/latest/meta-data`,
  (host) => `https:\\\\${host}\\path`,
  (host) => `  https://${host}/?next=https://example.com#@example.com`,
];

describe('a URL is refused before anything is sent', () => {
  test.for(HOSTS.flatMap((host) => FORMS.map((form) => form(host))))('%s', async (url) => {
    await expect(strict.send({ url, timeoutSeconds })).rejects.toThrow(WebForbidden);
  });

  test.for([
    'http://example.com/',
    'file:///etc/passwd',
    'ftp://example.com/',
    'gopher://example.com/',
    'data:text/plain,hello',
    'https://',
    'https://exa mple.com/',
    'example.com',
    'https://user@example.com/',
    'https://user:password@example.com/',
    'https://127.0.0.1@example.com/',
    'https://example.com:8443/',
    'https://example.com:9001/2018-06-01/runtime/invocation/next',
    'https://example.com:22/',
    'https://example.com:80/',
  ])('%s', async (url) => {
    await expect(strict.send({ url, timeoutSeconds })).rejects.toThrow(WebForbidden);
  });
});

describe('a name', () => {
  test.for([
    [['127.0.0.1']],
    [['169.254.169.254']],
    [['93.184.215.14', '10.0.0.1']],
    [['::1', '93.184.215.14']],
    [['::ffff:127.0.0.1']],
    [['fd00:ec2::254']],
  ])('that leads to %j is refused', async ([addresses = []]) => {
    const web = guardedWeb({ resolve: at(...addresses) });

    await expect(web.send({ url: 'https://rebind.example/', timeoutSeconds })).rejects.toThrow(
      /'rebind.example' is no address of the public internet/,
    );
  });

  test('is looked up once: the address that was checked is the one that is called', async () => {
    const asked: string[] = [];
    const flipping: Resolve = (hostname, options, done) => {
      asked.push(hostname);
      // Documentation addresses are not routed; the first look-up is public, each later one is not.
      at(asked.length === 1 ? '93.184.215.14' : '127.0.0.1')(hostname, options, done);
    };
    const web = guardedWeb({ resolve: flipping });

    await expect(web.send({ url: 'https://flip.example/', timeoutSeconds: 0.3 })).rejects.toThrow();
    expect(asked).toEqual(['flip.example']);
  });

  test('localhost is refused', async () => {
    await expect(strict.send({ url: 'https://localhost/', timeoutSeconds })).rejects.toThrow(WebForbidden);
  });
});

test('another port is reached where the stack allows it', async () => {
  const web = guardedWeb({ ports: [8443], resolve: at('10.0.0.1') });

  await expect(web.send({ url: 'https://a.example:8443/', timeoutSeconds })).rejects.toThrow(/no address/);
  await expect(web.send({ url: 'https://a.example:8444/', timeoutSeconds })).rejects.toThrow(
    /443, 8443 may be called/,
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

  test('method, headers and body arrive, and the answer comes back', async () => {
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

  test('redirects are answers, unless they are to be followed', async () => {
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

  test('headers stay behind when a redirect leads to another server', async () => {
    const headers = { authorization: 'Bearer secret' };

    await text(await local.send({ url: `${server.url}/away`, headers, timeoutSeconds, maxRedirects: 1 }));

    expect(server.requests.at(-1)?.headers['authorization']).toBe('Bearer secret');
    expect(other.requests.at(-1)?.headers['authorization']).toBeUndefined();
  });

  test('redirects end, and lead nowhere that a first URL could not', async () => {
    const before = server.requests.length;

    const answer = await local.send({ url: `${server.url}/loop`, timeoutSeconds, maxRedirects: 3 });
    answer.close();

    expect(answer.status).toBe(302);
    expect(server.requests.length - before).toBe(4);
    await expect(local.send({ url: `${server.url}/file`, timeoutSeconds, maxRedirects: 3 })).rejects.toThrow(
      WebForbidden,
    );
  });

  test.for(['/slow', '/drip'])('%s is given up when its time is over', async (path) => {
    const asking = async () => text(await local.send({ url: `${server.url}${path}`, timeoutSeconds: 0.2 }));

    await expect(asking()).rejects.toThrow('no complete answer within 0.2 s');
  });

  test('a body that breaks off is an error, not a short body', async () => {
    const asking = async () => text(await local.send({ url: `${server.url}/broken`, timeoutSeconds }));

    await expect(asking()).rejects.toThrow();
  });

  test('the signal of the caller ends the request', async () => {
    const caller = new AbortController();
    const asking = local.send({ url: `${server.url}/slow`, timeoutSeconds, signal: caller.signal });

    caller.abort(new Error('enough'));

    await expect(asking).rejects.toThrow();
  });

  test('nothing of it is reached by a stack that is not local', async () => {
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
    await closed(server);
  });
});
