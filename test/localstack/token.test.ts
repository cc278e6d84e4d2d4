import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JwtVerifier } from 'aws-jwt-verify';
import { JwtExpiredError, JwtInvalidSignatureError } from 'aws-jwt-verify/error';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEVELOPMENT_AUDIENCE, DEVELOPMENT_ISSUER } from '#contract/claims.ts';
import { tokenIssuers, tokenVerifier } from '../../functions/jobs-api/exchange/token-verifier.ts';
import { type DevelopmentKey, developmentKey } from '../../localstack/development-key.ts';
import { LocalRefusal } from '../../localstack/local-refusal.ts';
import { parsePartitions, parseRole, signToken } from '../../localstack/token.ts';

let folder: string;
let key: DevelopmentKey;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'jobtree-token-'));
  key = developmentKey(join(folder, 'key.json'));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('signToken', () => {
  test('creates a token with its claims that the verifier of the API accepts', () => {
    const token = signToken({ partitions: ['p1', 'p2'], role: 'operator', subject: 'eva' }, key);

    const claims = verifier(key).verifySync(token);

    expect(claims).toMatchObject({ iss: 'jobtree-local', aud: 'jobtree', sub: 'eva', role: 'operator' });
    expect(claims['partitions']).toEqual(['p1', 'p2']);
    expect(Number(claims.exp) - Number(claims.iat)).toBe(12 * 60 * 60);
  });

  test('creates tokens that the API of a local stack accepts for a working day and refuses for two days', () => {
    const { issuer, audience } = { issuer: DEVELOPMENT_ISSUER, audience: DEVELOPMENT_AUDIENCE };
    const issuers = tokenIssuers.parse([{ issuer, audience, jwks: { keys: [key.publicKey] } }]);
    const verify = tokenVerifier(issuers);
    const claims = { partitions: ['*'], role: 'admin' } as const;

    expect(verify(signToken(claims, key))).toMatchObject({ claims: { role: 'admin', sub: 'local' } });
    expect(verify(signToken({ ...claims, expiresInSeconds: 2 * 86_400 }, key))).toEqual({
      refused: expect.stringContaining('at most 86400 are accepted'),
    });
  });

  test('creates a token that expires', () => {
    const token = signToken({ partitions: ['*'], role: 'admin', expiresInSeconds: -10 }, key);

    expect(() => verifier(key).verifySync(token)).toThrow(JwtExpiredError);
  });

  test('creates a token that no other key verifies', () => {
    const other = developmentKey(join(folder, 'other.json'));
    const disguised = { privateKey: { ...other.privateKey, kid: key.publicKey.kid } };
    const token = signToken({ partitions: ['*'], role: 'admin' }, disguised);

    expect(other.publicKey.kid).not.toBe(key.publicKey.kid);
    expect(() => verifier(key).verifySync(token)).toThrow(JwtInvalidSignatureError);
  });
});

describe('parsePartitions', () => {
  test('parses a list and the asterisk', () => {
    expect(parsePartitions('p1, p 2')).toEqual(['p1', 'p 2']);
    expect(parsePartitions('*')).toEqual(['*']);
  });

  test.each(['', 'a,,b', 'a.b', '*,a', 'a/b', 'x'.repeat(41), 'tab\there'])('refuses %j', (text) => {
    expect(() => parsePartitions(text)).toThrow(LocalRefusal);
  });
});

describe('parseRole', () => {
  test('accepts the three roles and lists them when it refuses another', () => {
    expect(parseRole('viewer')).toBe('viewer');
    expect(() => parseRole('root')).toThrow("--role is 'root'; allowed: viewer, operator, admin");
  });
});

function verifier({ publicKey }: DevelopmentKey) {
  const jwksUri = 'https://local.invalid/jwks.json';
  const verifier = JwtVerifier.create({ issuer: 'jobtree-local', audience: 'jobtree', jwksUri });
  verifier.cacheJwks({ keys: [publicKey] });
  return verifier;
}
