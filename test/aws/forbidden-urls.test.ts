import { describe, expect, test } from 'vitest';
import { WebForbidden } from '#core/ports.ts';
import { guardedWeb, type Resolve } from '../../functions/aws/web.ts';
import { namesAt } from './names-at.ts';

const timeoutSeconds = 5;
const strict = guardedWeb({});

/** Each is a spelling of an address of this machine, of a private network or of the metadata service. */
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

/** Positions of the host in a URL. */
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
    const web = guardedWeb({ resolve: namesAt(...addresses) });

    await expect(web.send({ url: 'https://rebind.example/', timeoutSeconds })).rejects.toThrow(
      /'rebind.example' is not a public internet address/,
    );
  });

  test('is looked up once, and the checked address is the one that is called', async () => {
    const asked: string[] = [];
    const flipping: Resolve = (hostname, options, done) => {
      asked.push(hostname);
      // Documentation addresses are not routed. The first lookup returns a public address, later ones do not.
      namesAt(asked.length === 1 ? '93.184.215.14' : '127.0.0.1')(hostname, options, done);
    };
    const web = guardedWeb({ resolve: flipping });

    await expect(web.send({ url: 'https://flip.example/', timeoutSeconds: 0.3 })).rejects.toThrow();
    expect(asked).toEqual(['flip.example']);
  });

  test('localhost is refused', async () => {
    await expect(strict.send({ url: 'https://localhost/', timeoutSeconds })).rejects.toThrow(WebForbidden);
  });
});
