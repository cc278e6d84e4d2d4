/** Variants of tokens with what the API must answer to each: the attacks of RFC 8725 and spellings around them. */
import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { omitUndefined } from '#core/omit-undefined.ts';
import { AUDIENCE, claims, KEYS, PUBLIC_KEYS, part, signed, token } from './tokens.ts';

export interface TokenVariant {
  readonly name: string;
  readonly token: string;
  /** Expected status of GET on the jobs of partition p1; 401 if the token is refused. */
  readonly status: 200 | 401 | 404;
  /** Words of the reason. */
  readonly reason?: string;
}

type Row = readonly [name: string, token: string, reason?: string];

const now = Math.floor(Date.now() / 1000);
const DAY = 86_400;
const HEADER = { alg: 'ES256', typ: 'JWT', kid: 'ec' };
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const strangerJwk = stranger.publicKey.export({ format: 'jwk' });
const ownJwk = PUBLIC_KEYS.ec.export({ format: 'jwk' });

function withHeader(more: object, key: KeyObject = KEYS.ec, digest: string | null = 'sha256'): string {
  return signed(`${part({ ...HEADER, ...more })}.${part(claims())}`, key, digest);
}

/** Signed over these very texts, so that only their form can be what is wrong. */
function ofTexts(header: string | Buffer, payload: string | Buffer): string {
  return signed([header, payload].map((text) => Buffer.from(text as string).toString('base64url')).join('.'));
}

const headerText = JSON.stringify(HEADER);
const payloadText = (more: object = {}) => JSON.stringify(claims(more));

function byHmac(alg: string, secret: string | Buffer, kid = 'rsa'): string {
  const content = `${part({ alg, kid })}.${part(claims())}`;
  return `${content}.${createHmac(`sha${alg.slice(2)}`, secret)
    .update(content)
    .digest('base64url')}`;
}

function algorithms(): Row[] {
  const unsigned = (alg: unknown) => `${part({ alg, kid: 'ec' })}.${part(claims())}.`;
  const names = ['none', 'None', 'NONE', 'nOnE', ''];
  const pem = (type: 'rsa' | 'ec') => PUBLIC_KEYS[type].export({ format: 'pem', type: 'spki' });
  const der = PUBLIC_KEYS.rsa.export({ format: 'der', type: 'spki' });
  const others = [
    'RS384',
    'RS512',
    'ES384',
    'ES512',
    'PS256',
    'PS512',
    'EdDSA',
    'ES256K',
    'HS256',
    'es256',
    ' ES256',
  ];
  return [
    ...names.map((alg): Row => [`alg '${alg}' without a signature`, unsigned(alg)]),
    ...names.map((alg): Row => [`alg '${alg}' with a right signature`, withHeader({ alg }), 'algorithm']),
    ...[undefined, null, 1, ['ES256'], {}].map(
      (alg): Row => [`alg ${JSON.stringify(alg)}`, withHeader({ alg })],
    ),
    ...['HS256', 'HS384', 'HS512'].map(
      (alg): Row => [`${alg} with the public PEM`, byHmac(alg, pem('rsa')), 'algorithm'],
    ),
    ['HS256 with the public DER', byHmac('HS256', der), 'algorithm'],
    ['HS256 with the EC PEM', byHmac('HS256', pem('ec'), 'ec'), 'algorithm'],
    ['HS256 with an empty secret', byHmac('HS256', ''), 'algorithm'],
    [
      'HS256 with the modulus',
      byHmac('HS256', String(PUBLIC_KEYS.rsa.export({ format: 'jwk' }).n)),
      'algorithm',
    ],
    ...others.map((alg): Row => [`alg ${alg} over a right signature`, withHeader({ alg }), 'algorithm']),
    [
      'RS512 by a key for any algorithm',
      withHeader({ alg: 'RS512', kid: 'any' }, KEYS.rsa, 'sha512'),
      'algorithm',
    ],
    [
      'ES256 by an RSA key for any algorithm',
      withHeader({ kid: 'any' }, KEYS.rsa),
      'algorithm (alg) of the token is not that of its key',
    ],
    ['RS256 by an EC key', withHeader({ alg: 'RS256' }), 'not that of its key'],
    ['ES256 that names an RSA key', withHeader({ kid: 'rsa' }), 'not that of its key'],
    ['RS256 by RSA that names the EC key', withHeader({ alg: 'RS256' }, KEYS.rsa), 'not that of its key'],
  ];
}

function keys(): Row[] {
  const forged = (more: object) => withHeader(more, stranger.privateKey);
  const unknown = ['other', 'EC', 'ec ', '../ec', 'ec\u0000', "' or 1=1", '__proto__', 'constructor'];
  return [
    ...unknown.map((kid): Row => [`kid ${JSON.stringify(kid)}`, withHeader({ kid }), 'unknown key']),
    ...[undefined, null, '', 1, ['ec'], {}].map(
      (kid): Row => [`kid ${JSON.stringify(kid)}`, withHeader({ kid }), 'lacks kid'],
    ),
    ['a stranger who names the key', forged({}), 'signature'],
    ['a stranger with jwk', forged({ jwk: strangerJwk }), 'signature'],
    ['a stranger with jwk and no kid', forged({ jwk: strangerJwk, kid: undefined }), 'lacks kid'],
    ['a stranger with jku', forged({ jku: 'https://evil.test/jwks.json', kid: 'evil' }), 'unknown key'],
    ['a stranger with x5u', forged({ x5u: 'https://evil.test/cert.pem' }), 'signature'],
    ['a stranger with x5c', forged({ x5c: ['MIIB'] }), 'signature'],
  ];
}

function extensions(): Row[] {
  const values = [['exp'], ['b64'], ['http://openbanking.org.uk/iat'], [], null, 'exp', {}, false, ''];
  const unencoded = `${part({ ...HEADER, b64: false, crit: ['b64'] })}.${payloadText()}`;
  return [
    ...values.map((crit): Row => [`crit ${JSON.stringify(crit)}`, withHeader({ crit, exp: 1 }), 'crit']),
    ...[false, true, null].map((b64): Row => [`b64 ${b64}`, withHeader({ b64 }), 'b64']),
    ['crit and b64', withHeader({ crit: ['b64'], b64: false }), 'crit'],
    ['a payload that is not encoded', signed(unencoded)],
  ];
}

/** Other encodings of a part that lenient decoders accept as equal. */
const SPELLINGS: readonly [string, (part: string) => string][] = [
  ['padding', (text) => `${text}=`],
  ['two paddings', (text) => `${text}==`],
  ['a blank in front', (text) => ` ${text}`],
  ['a blank behind', (text) => `${text} `],
  ['a line break', (text) => `${text.slice(0, 8)}\n${text.slice(8)}`],
  ['a tab', (text) => `${text.slice(0, 8)}\t${text.slice(8)}`],
  ['one character more', (text) => `${text}A`],
  ['a plus', (text) => `+${text.slice(1)}`],
  ['a percent sign', (text) => `${text}%3D`],
  ['a character that is skipped', (text) => `${text.slice(0, 8)}!${text.slice(8)}`],
  ['a letter beyond ASCII', (text) => `${text}é`],
];

/** The same bytes in base64url whose unused last bits are not zero. */
function withLooseBits(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.slice(-1)) + 1];
}

function spellings(): Row[] {
  const rows: Row[] = [];
  for (const [name, spell] of SPELLINGS) {
    const [header = '', payload = '', signature = ''] = token().split('.');
    rows.push([`header with ${name}`, signed(`${spell(header)}.${payload}`)]);
    rows.push([`payload with ${name}`, signed(`${header}.${spell(payload)}`)]);
    // Trailing whitespace is not part of a header field's value.
    if (name !== 'a blank behind')
      rows.push([`signature with ${name}`, `${header}.${payload}.${spell(signature)}`]);
  }
  // Each ends within a byte, so that unused bits remain.
  const header = part({ ...HEADER, x: '' });
  const padded = [' ', '  '].map((blanks) => Buffer.from(`${payloadText()}${blanks}`).toString('base64url'));
  const payload = padded.find((text) => text.length % 4 !== 0) ?? '';
  const whole = token();
  return [
    ...rows,
    ...['header', 'payload'].map(
      (name): Row => [
        `${name} with loose bits`,
        signed(
          name === 'header'
            ? `${looseHeader(header)}.${part(claims())}`
            : `${part(HEADER)}.${withLooseBits(payload)}`,
        ),
        'canonical form',
      ],
    ),
    ['signature with loose bits', withLooseBits(whole), 'canonical form'],
    [
      'signature in base64',
      whole.replace(/[^.]+$/, (text) => Buffer.from(text, 'base64url').toString('base64')),
      'canonical form',
    ],
    ['signature that is padded right', whole.replace(/[^.]+$/, (text) => `${text}==`), 'canonical form'],
  ];
}

function looseHeader(text: string): string {
  return text.length % 4 === 0 ? withLooseBits(part({ ...HEADER, x: '1' })) : withLooseBits(text);
}

function forms(): Row[] {
  const good = token();
  const [header = '', payload = '', signature = ''] = good.split('.');
  const flattened = JSON.stringify({ protected: header, payload, signature });
  const general = JSON.stringify({ payload, signatures: [{ protected: header, signature }] });
  return [
    ['one word', 'abc'],
    ['two parts', `${header}.${payload}`],
    ['four parts', `${good}.`],
    ['five parts, as in encryption', `${header}.a.b.c.${signature}`],
    ['dots', '..'],
    ['no header', `.${payload}.${signature}`],
    ['no payload', `${header}..${signature}`],
    ['no signature', `${header}.${payload}.`],
    ['a dot in front', `.${good}`],
    ['another signature', `${header}.${payload}.${token({ sub: 'bob' }).split('.')[2]}`],
    ['other claims', `${header}.${part(claims({ role: 'admin' }))}.${signature}`],
    ['half of the signature', good.slice(0, -43)],
    ['a signature of zeros', `${header}.${payload}.${Buffer.alloc(64).toString('base64url')}`],
    ['the JSON serialization, flattened', flattened],
    ['the JSON serialization, general', general],
    ['the JSON serialization in base64url', Buffer.from(flattened).toString('base64url')],
    [
      'a nested token',
      signed(`${part({ ...HEADER, cty: 'JWT' })}.${Buffer.from(good).toString('base64url')}`),
    ],
    ['a nested token as a string', signed(`${part({ ...HEADER, cty: 'JWT' })}.${part(good)}`)],
    ['a very long claim', token({ more: 'x'.repeat(9_000) }), 'characters'],
    ['a very long header', withHeader({ more: 'x'.repeat(9_000) }), 'characters'],
    ['a megabyte', `${header}.${'A'.repeat(1_048_576)}.${signature}`, 'characters'],
  ];
}

function texts(): Row[] {
  const payload = payloadText();
  const twice = (more: string) => `${payload.slice(0, -1)},${more}}`;
  const deep = `${'['.repeat(40)}${']'.repeat(40)}`;
  return [
    ...['[]', '"text"', 'null', '1', '', '{'].map((text): Row => [`header ${text}`, ofTexts(text, payload)]),
    ...['[]', '"text"', 'null', '1', '{'].map((text): Row => [`payload ${text}`, ofTexts(headerText, text)]),
    ['a role twice', ofTexts(headerText, twice('"role":"admin"')), 'strict JSON'],
    ['a role twice, once escaped', ofTexts(headerText, twice('"r\\u006fle":"admin"')), 'strict JSON'],
    ['partitions twice', ofTexts(headerText, twice('"partitions":["*"]')), 'strict JSON'],
    ['an algorithm twice', ofTexts('{"alg":"none","alg":"ES256","kid":"ec"}', payload), 'strict JSON'],
    ['__proto__', ofTexts(headerText, twice('"__proto__":{"role":"admin"}'))],
    ['constructor', ofTexts(headerText, twice('"constructor":{}')), 'strict JSON'],
    ['40 levels', ofTexts(headerText, twice(`"deep":${deep}`)), 'strict JSON'],
    ['a number too large', ofTexts(headerText, twice('"n":1e999')), 'strict JSON'],
    ['half a surrogate pair', ofTexts(headerText, twice('"n":"\\ud800"')), 'strict JSON'],
    ['a byte order mark', ofTexts(headerText, `\ufeff${payload}`)],
    ['bytes that are not UTF-8', ofTexts(headerText, Buffer.from(twice('"n":"\xff"'), 'latin1')), 'UTF-8'],
    ['text behind the JSON', ofTexts(headerText, `${payload}{}`)],
    ['a NUL behind the JSON', ofTexts(headerText, `${payload}\u0000`)],
    ['a comment', ofTexts(headerText, `/**/${payload}`)],
  ];
}

function wrongClaims(): Row[] {
  const wrong: Record<string, unknown[]> = {
    sub: [undefined, null, 1, '', ['alice'], {}, 'x'.repeat(256)],
    iss: [undefined, null, 1, '', ['https://issuer.test'], 'https://issuer.test/', 'HTTPS://ISSUER.TEST'],
    aud: [undefined, null, 1, '', [], {}, 'other', [1], `${AUDIENCE} `, AUDIENCE.toUpperCase(), ['other', 1]],
    partitions: [undefined, null, 1, '', 'p1', '*', [], ['p1', 2], [['p1']], { 0: 'p1' }, [null], true],
    role: [
      undefined,
      null,
      1,
      '',
      'owner',
      'Admin',
      'ADMIN',
      'operator ',
      ['admin'],
      { admin: true },
      'viewer,admin',
      true,
    ],
    exp: [undefined, null, '', String(now + 60), [now + 60], {}, true, -1, 0, -1e300, 1e300, now * 1000],
    iat: [undefined, null, '', String(now), [now], {}, true, -1, 1e300, now * 1000],
    nbf: [null, '', String(now), [now], {}, true, -1, 1e300, now * 1000],
  };
  return Object.entries(wrong).flatMap(([name, values]) =>
    values.map((value): Row => [`${name} ${JSON.stringify(value)?.slice(0, 40)}`, token({ [name]: value })]),
  );
}

function wrongTimes(): Row[] {
  const over = (iat: number, exp: number) => token({ iat, exp });
  return [
    ['a second too late', token({ exp: now - 1 }), 'expired'],
    ['an hour too late', over(now - 7200, now - 3600), 'expired'],
    ['an end before the begin', over(now, now - 60), 'expired'],
    ['a second longer than a day', over(now, now + DAY + 1), 'lifetime'],
    ['a fraction longer than a day', over(now, now + DAY + 0.5), 'lifetime'],
    ['a year', over(now, now + 365 * DAY), 'lifetime'],
    ['a year whose last hour has come', over(now - 365 * DAY + 3600, now + 3600), 'lifetime'],
    ['issued at the begin of time', over(0, now + 3600), 'lifetime'],
    ['issued two minutes ahead', over(now + 120, now + 3600), 'in the future'],
    ['issued a day ahead', over(now + DAY, now + DAY + 60), 'in the future'],
    ['not valid for two minutes', token({ nbf: now + 120 }), 'not valid yet'],
    ['not valid for a day', token({ nbf: now + DAY }), 'not valid yet'],
  ];
}

function taken(): TokenVariant[] {
  const rows: [string, string, (200 | 404)?][] = [
    ['ES256', token()],
    ['RS256', token({}, 'RS256')],
    ['RS256 by a key for any algorithm', withHeader({ alg: 'RS256', kid: 'any' }, KEYS.rsa)],
    ['no typ', withHeader({ typ: undefined })],
    ['typ at+jwt', withHeader({ typ: 'at+jwt' })],
    ['its own key in jwk, which is not looked at', withHeader({ jwk: ownJwk })],
    ['jku, which is not fetched', withHeader({ jku: 'https://evil.test' })],
    ['a claim called crit', token({ crit: ['exp'] })],
    ['several audiences', token({ aud: ['other', AUDIENCE] })],
    ['a lifetime of a day', token({ iat: now, exp: now + DAY })],
    ['fractions of seconds', token({ iat: now - 0.5, exp: now + 60.5 })],
    ['a clock that is 20 seconds ahead', token({ iat: now + 20, nbf: now + 20 })],
    ['nbf that has passed', token({ nbf: now - 60 })],
    ['claims of others', token({ scope: 'a b', jti: '1', groups: [{ a: 1 }] })],
    ['blanks in the JSON', ofTexts(` ${headerText}\n`, JSON.stringify(claims(), null, 2))],
    ['all partitions', token({ partitions: ['*'] })],
    ['all partitions and one', token({ partitions: ['p2', '*'] })],
    ['several partitions', token({ partitions: ['p2', 'p1'] })],
    ...['viewer', 'operator', 'admin'].map((role): [string, string] => [`role ${role}`, token({ role })]),
    ...['p2', 'P1', 'p1 ', 'p*', 'p1,p2', '', '**', '.', 'p1\u0000'].map(
      (partition): [string, string, 404] => [
        `partition ${JSON.stringify(partition)}`,
        token({ partitions: [partition] }),
        404,
      ],
    ),
  ];
  return rows.map(([name, text, status = 200]) => ({ name, token: text, status }));
}

/** Token variants by kind of fault; `good` tokens are accepted. */
export function tokenVariants(): Readonly<Record<string, readonly TokenVariant[]>> {
  const refused = {
    algorithms,
    keys,
    extensions,
    spellings,
    forms,
    texts,
    claims: wrongClaims,
    times: wrongTimes,
  };
  const groups = Object.entries(refused).map(([name, rows]): [string, TokenVariant[]] => [
    name,
    rows().map(([title, text, reason]) => ({
      name: title,
      token: text,
      status: 401,
      ...omitUndefined({ reason }),
    })),
  ]);
  return { ...Object.fromEntries(groups), good: taken() };
}
