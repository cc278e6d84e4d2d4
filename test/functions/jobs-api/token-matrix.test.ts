import { JwtVerifier } from 'aws-jwt-verify';
import { decomposeUnverifiedJwt } from 'aws-jwt-verify/jwt';
import { describe, expect, test } from 'vitest';
import {
  type SignatureCheck,
  TOKEN_CHECKS,
  type TokenChecks,
  tokenVerifier,
} from '../../../functions/jobs-api/exchange/token-verifier.ts';
import { apiWorld, BODY, eventOf, JOBS } from './api-world.ts';
import { tokenVariants } from './token-variants.ts';
import { AUDIENCE, ISSUER, ISSUERS, token } from './tokens.ts';

const variants = tokenVariants();
const all = Object.values(variants).flat();

describe.each(Object.entries(variants))('tokens: %s', (_, rows) => {
  test.each(rows.map((row) => [row.name, row] as const))('%s', async (_name, variant) => {
    const { status, headers, body } = await apiWorld().call('GET', JOBS, { token: variant.token });

    expect([status, body.detail], body.detail).toEqual([variant.status, body.detail]);
    if (status !== 401) return;
    if (variant.reason !== undefined) expect(body.detail).toContain(variant.reason);
    expect(headers['WWW-Authenticate']).toMatch(
      /^Bearer realm="jobtree", error="invalid_token", error_description="[\x20!\x23-\x5b\x5d-\x7e]+"$/,
    );
    const answer = JSON.stringify([headers, body]);
    for (const piece of variant.token.split('.').filter((text) => text.length > 10)) {
      expect(answer).not.toContain(piece);
    }
  });
});

describe('the matrix', () => {
  test('has at least 120 distinct variants', () => {
    const refused = all.filter(({ status }) => status === 401);

    expect(refused.length).toBeGreaterThanOrEqual(120);
    expect(all.length - refused.length).toBeGreaterThanOrEqual(20);
    expect(new Set(refused.map((variant) => variant.token)).size).toBeGreaterThan(refused.length - 10);
  });

  test.each([
    ['sub', 'the token lacks the claim sub', { sub: undefined }],
    ['exp', 'the token lacks the claim exp', { exp: undefined }],
    ['iat', 'the token lacks the claim iat', { iat: undefined }],
    ['role', 'the token lacks the claim role', { role: undefined }],
    [
      'an unknown role',
      'the claim role of the token is wrong: use one of viewer, operator, admin',
      { role: 'owner' },
    ],
    [
      'a text as partitions',
      'the claim partitions of the token is wrong: use a list of partition ids',
      { partitions: 'p1' },
    ],
    ['no partitions', 'the token lacks the claim partitions', { partitions: undefined }],
    ['no issuer', 'the token lacks the claim iss', { iss: undefined }],
    ['no audience', 'the token lacks the claim aud', { aud: undefined }],
    ['expired', 'the token expired at 2026-01-01T00:00:00.000Z', { exp: Date.UTC(2026, 0) / 1000 }],
    ['another audience', 'the audience (aud) of the token is not the one of this API', { aud: 'other' }],
    [
      'another issuer',
      'the issuer (iss) of the token is not one that this API trusts',
      { iss: 'https://other.test' },
    ],
  ])('reports the fault: %s', async (_, reason, more) => {
    const { body } = await apiWorld().call('GET', JOBS, { token: token(more) });

    expect(body.detail).toBe(`${reason}; get a new token and send Authorization: Bearer <token>`);
  });
});

describe('the header Authorization', () => {
  const good = token();
  const cells: [string, number, Record<string, string | string[]>][] = [
    ['in lower case', 200, { authorization: `bearer ${good}` }],
    ['in upper case', 200, { AUTHORIZATION: `BEARER ${good}` }],
    ['in any case', 200, { aUTHORIZATION: `bEARER ${good}` }],
    ['with several blanks', 200, { authorization: `Bearer   ${good}` }],
    ['with blanks around', 200, { authorization: `  Bearer ${good}  ` }],
    ['with a tab behind the scheme', 401, { authorization: `Bearer\t${good}` }],
    ['with a no-break space', 401, { authorization: `Bearer\u00a0${good}` }],
    ['with a no-break space behind', 401, { authorization: `Bearer ${good}\u00a0` }],
    ['with a line break behind', 401, { authorization: `Bearer ${good}\n` }],
    ['without a scheme', 401, { authorization: good }],
    ['without a blank', 401, { authorization: `Bearer${good}` }],
    ['without a token', 401, { authorization: 'Bearer' }],
    ['with blanks only', 401, { authorization: 'Bearer   ' }],
    ['empty', 401, { authorization: '' }],
    ['Basic', 401, { authorization: `Basic ${good}` }],
    ['Token', 401, { authorization: `Token ${good}` }],
    ['JWT', 401, { authorization: `JWT ${good}` }],
    ['Bearer twice', 401, { authorization: `Bearer Bearer ${good}` }],
    ['two tokens', 401, { authorization: `Bearer ${good} ${good}` }],
    ['two tokens with a comma', 401, { authorization: `Bearer ${good},${good}` }],
    ['a comma behind', 401, { authorization: `Bearer ${good},` }],
    ['quoted', 401, { authorization: `Bearer "${good}"` }],
    ['as a parameter', 401, { authorization: `Bearer token=${good}` }],
    ['sent twice', 401, { authorization: [`Bearer ${good}`, `Bearer ${good}`] }],
    ['sent twice, first another scheme', 401, { authorization: ['Basic YTpi', `Bearer ${good}`] }],
    [
      'sent twice in two cases',
      401,
      { authorization: `Bearer ${good}`, Authorization: `Bearer ${token({ role: 'admin' })}` },
    ],
    ['under another name', 401, { 'X-Authorization': `Bearer ${good}` }],
    ['of a proxy', 401, { 'Proxy-Authorization': `Bearer ${good}` }],
    ['of the gateway', 401, { 'X-Amzn-Remapped-Authorization': `Bearer ${good}` }],
    ['as a cookie', 401, { Cookie: `Authorization=Bearer ${good}` }],
  ];

  test.each(cells)('%s: %i', async (_, expected, headers) => {
    const multiValueHeaders = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, [value].flat()]),
    );
    const single = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, [value].flat().at(-1)]),
    );
    const event = eventOf('GET', JOBS, { token: null });

    const { status } = await apiWorld().send({ ...event, headers: single, multiValueHeaders });

    expect(status).toBe(expected);
  });

  test('in two cases is refused, if the gateway sends single values only', async () => {
    const event = eventOf('GET', JOBS, { token: null });
    const headers = { authorization: 'Bearer a.b.c', Authorization: `Bearer ${good}` };

    expect((await apiWorld().send({ ...event, headers, multiValueHeaders: {} })).status).toBe(401);
  });

  test('is not read from the query', async () => {
    const { status } = await apiWorld().call('GET', JOBS, { token: null, query: `access_token=${good}` });

    expect(status).toBe(401);
  });
});

describe('a right token', () => {
  test.each(['viewer', 'operator', 'admin'])('%s may only do what its role permits', async (role) => {
    const world = apiWorld();
    const sent = { token: token({ role }), body: BODY };

    const statuses = [
      (await world.call('POST', JOBS, sent)).status,
      (await world.call('PUT', '/partitions/p1', { ...sent, body: {} })).status,
    ];

    const expected = { viewer: [403, 403], operator: [201, 403], admin: [201, 200] };
    expect(statuses).toEqual(expected[role as keyof typeof expected]);
  });

  test('may be as long as the issuer permits', async () => {
    const now = Math.floor(Date.now() / 1000);
    const issuers = ISSUERS.map((issuer) => ({ ...issuer, maxLifetimeSeconds: 300 }));
    const call = (seconds: number) =>
      apiWorld({ issuers }).call('GET', JOBS, { token: token({ iat: now, exp: now + seconds }) });

    expect((await call(300)).status).toBe(200);
    const { body } = await call(301);
    expect(body.detail).toContain(
      'the lifetime of the token (iat to exp) is 301 seconds; at most 300 are accepted',
    );
  });
});

describe('a verifier that lacks a check', () => {
  const verdicts = (checks: TokenChecks) => {
    const verify = tokenVerifier(ISSUERS, checks);
    return all.map((variant) => ({ variant, verdict: verify(variant.token) }));
  };
  /** Names of variants that a weakened verifier accepts and must not. */
  const letIn = (checks: TokenChecks): string[] =>
    verdicts(checks).flatMap(({ variant, verdict }) =>
      'claims' in verdict && variant.status === 401 ? [variant.name] : [],
    );
  const without = <C extends object>(checks: C, name: string) =>
    Object.fromEntries(Object.entries(checks).filter(([other]) => other !== name)) as C;
  const library = (more: object): SignatureCheck => {
    const [own] = ISSUERS;
    const verifier = JwtVerifier.create({
      issuer: ISSUER,
      audience: AUDIENCE,
      jwksUri: 'https://x.test',
      ...more,
    } as {
      issuer: string;
      audience: string;
    });
    verifier.cacheJwks(own?.jwks as never);
    return (text) => verifier.verifySync(text);
  };

  test('is noticed: with all checks none of the variants gets in', () => {
    expect(letIn(TOKEN_CHECKS)).toEqual([]);
    const wrong = verdicts(TOKEN_CHECKS).filter(
      ({ variant, verdict }) => 'claims' in verdict !== (variant.status !== 401),
    );
    expect(wrong.map(({ variant }) => variant.name)).toEqual([]);
  });

  test.each([
    ['canonicalParts', ['signature with padding', 'signature with loose bits', 'payload with loose bits']],
    ['strictJson', ['a role twice', 'a role twice, once escaped', 'an algorithm twice']],
    ['noCriticalExtension', ['crit ["exp"]', 'crit []', 'crit null']],
    ['encodedPayload', ['b64 false', 'b64 true']],
  ])('is noticed: %s', (name, expected) => {
    expect(letIn({ ...TOKEN_CHECKS, form: without(TOKEN_CHECKS.form, name) })).toEqual(
      expect.arrayContaining(expected),
    );
  });

  test.each([
    ['notExpired', ['a second too late']],
    ['lifetime', ['a second longer than a day', 'a year', 'issued at the begin of time']],
    ['issuedInPast', ['issued two minutes ahead']],
  ])('is noticed: %s', (name, expected) => {
    expect(letIn({ ...TOKEN_CHECKS, claims: without(TOKEN_CHECKS.claims, name) })).toEqual(
      expect.arrayContaining(expected),
    );
  });

  test.each([
    ['the audience', library({ audience: null }), ['aud "other"', 'aud []']],
    ['the issuer', library({ issuer: null }), ['iss "https://issuer.test/"', 'iss undefined']],
    ['nbf', library({ graceSeconds: 1e9 }), ['not valid for a day']],
    ['the key of the algorithm', library({}), ['ES256 by an RSA key for any algorithm']],
    [
      'the signature',
      (text: string) => decomposeUnverifiedJwt(text).payload,
      ['a stranger with jwk', 'other claims', 'a signature of zeros'],
    ],
  ] as const)('is noticed: %s', (_, check, expected) => {
    expect(letIn({ ...TOKEN_CHECKS, signature: () => check })).toEqual(expect.arrayContaining([...expected]));
  });

  test.each(Object.keys(TOKEN_CHECKS.form))('gives other reasons, if nothing else: %s', (name) => {
    const reasons = (checks: TokenChecks) => verdicts(checks).map(({ verdict }) => verdict);

    expect(reasons({ ...TOKEN_CHECKS, form: without(TOKEN_CHECKS.form, name) })).not.toEqual(
      reasons(TOKEN_CHECKS),
    );
  });
});
