import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Duration } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { DEVELOPMENT_ISSUER } from '#contract/claims.ts';
import { tokenIssuers } from '../../functions/jobs-api/exchange/token-verifier.ts';
import { isLocalEndpoint } from '../../lib/local-endpoint.ts';
import {
  acceptedIssuers,
  checkIssuers,
  issuerFromContext,
  type TokenIssuer,
} from '../../lib/token-issuer.ts';
import { developmentKey } from '../../localstack/development-key.ts';
import { environmentWithoutAws, PROJECT_ROOT } from '../../localstack/local-aws.ts';
import { folder } from './synthesized.ts';

const PUBLIC_KEY = { kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig', kid: 'k1', x: 'AA', y: 'AA' };
const ISSUER: TokenIssuer = { issuer: 'https://id.example', audience: 'jobs', jwks: { keys: [PUBLIC_KEY] } };

describe('the app', () => {
  test.for([
    ['without an endpoint', {}],
    ['with an endpoint elsewhere', { AWS_ENDPOINT_URL: 'https://example.com' }],
  ] as const)('accepts no token at all %s', async ([, env]) => {
    const { issuers, text } = await authOf(env);

    expect(issuers).toEqual([]);
    expect(text).not.toContain(developmentKey().publicKey.kid);
  });

  test('accepts the development key, its public half, on an emulator', async () => {
    const { issuers, text } = await authOf({ AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' });

    expect(issuers).toEqual([DEVELOPMENT_ISSUER]);
    expect(text).toContain(developmentKey().publicKey.kid);
    expect(text).not.toContain(developmentKey().privateKey.d);
  });

  /** Returns the issuers that the API accepts if the CDK runs bin/job-service.ts with this environment. */
  async function authOf(env: Readonly<Record<string, string>>): Promise<{ text: string; issuers: string[] }> {
    const outdir = mkdtempSync(join(folder, 'out-'));
    await promisify(execFile)(process.execPath, ['bin/job-service.ts'], {
      cwd: PROJECT_ROOT,
      env: { ...environmentWithoutAws(), ...env, CDK_OUTDIR: outdir, CDK_VALIDATION: 'false' },
    });
    const assets = readdirSync(outdir).map((name) => join(outdir, name, 'auth.json'));
    const [file, ...others] = assets.filter((path) => path.includes('asset.') && existsSync(path));
    expect(others).toEqual([]);
    const text = readFileSync(file ?? 'no auth.json', 'utf8');
    return { text, issuers: JSON.parse(text).map(({ issuer }: TokenIssuer) => issuer) };
  }
});

describe('isLocalEndpoint', () => {
  test.for(['http://localhost:4566', 'http://127.0.0.1:4566', 'http://127.1.2.3', 'https://[::1]:4566'])(
    'returns true for %s',
    (url) => expect(isLocalEndpoint({ AWS_ENDPOINT_URL: url })).toBe(true),
  );

  test.for([
    'https://example.com',
    'https://localhost.example.com',
    'http://localhost@example.com',
    'http://127.0.0.1.example.com',
    'http://10.0.0.1:4566',
    'http://0.0.0.0:4566',
    'localhost:4566',
    '',
  ])('returns false for %s', (url) => expect(isLocalEndpoint({ AWS_ENDPOINT_URL: url })).toBe(false));

  test('returns false if any service has another endpoint', () => {
    const env = { AWS_ENDPOINT_URL: 'http://localhost:4566', AWS_ENDPOINT_URL_S3: 'http://localhost:4566' };

    expect(isLocalEndpoint(env)).toBe(true);
    expect(
      isLocalEndpoint({ ...env, AWS_ENDPOINT_URL_LAMBDA: 'https://lambda.us-east-1.amazonaws.com' }),
    ).toBe(false);
    expect(isLocalEndpoint({ AWS_ENDPOINT_URL_S3: 'http://localhost:4566' })).toBe(false);
  });

  test('returns false if the endpoint is ignored', () => {
    const env = { AWS_ENDPOINT_URL: 'http://localhost:4566', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'True' };

    expect(isLocalEndpoint(env)).toBe(false);
  });
});

describe('checkIssuers', () => {
  test('accepts an issuer with public keys', () => {
    expect(() => checkIssuers([ISSUER], { local: false })).not.toThrow();
  });

  test('refuses the issuer of local tokens outside emulators', () => {
    const development = { ...ISSUER, issuer: DEVELOPMENT_ISSUER };

    expect(() => checkIssuers([development], { local: false })).toThrow(
      "'jobtree-local' is for emulators only",
    );
    expect(() => checkIssuers([development], { local: true })).not.toThrow();
  });

  test.for([Duration.seconds(0), Duration.days(367), Duration.millis(1500)])(
    'refuses a maximum lifetime of %s',
    (maxLifetime) => {
      expect(() => checkIssuers([{ ...ISSUER, maxLifetime }], { local: false })).toThrow(
        /maxLifetime of issuer 'https:\/\/id.example' is [\d.]+ seconds; whole seconds from 1 to 31622400/,
      );
    },
  );

  test('passes the maximum lifetime to the function that checks tokens, by default one day', () => {
    const issuers = acceptedIssuers([ISSUER, { ...ISSUER, maxLifetime: Duration.hours(48) }]);

    expect(issuers.map(({ maxLifetimeSeconds }) => maxLifetimeSeconds)).toEqual([86_400, 172_800]);
    expect(tokenIssuers.parse(JSON.parse(JSON.stringify(issuers)))).toEqual(issuers);
  });

  test.for([
    ['a private key', [{ ...PUBLIC_KEY, d: 'AA' }], "private member 'd'"],
    ['a symmetric key', [{ kty: 'oct', kid: 'k1', k: 'AA' }], "private member 'k'"],
    ['a key without a kid', [{ kty: 'EC' }], 'lacks kid'],
    ['an empty set', [], 'has no keys'],
  ] as const)('refuses %s', ([, keys, reason]) => {
    const issuer = { ...ISSUER, jwks: { keys } } as unknown as TokenIssuer;

    expect(() => checkIssuers([issuer], { local: true })).toThrow(reason);
  });
});

describe('issuerFromContext', () => {
  test('reads the keys from a file', () => {
    const jwks = join(folder, 'jwks.json');
    writeFileSync(jwks, JSON.stringify(ISSUER.jwks));
    const context: Record<string, string> = { issuer: ISSUER.issuer, audience: ISSUER.audience, jwks };

    const issuers = issuerFromContext((name) => context[name]);

    expect(issuers).toEqual([ISSUER]);
  });

  test('reads the maximum lifetime in hours', () => {
    const jwks = join(folder, 'jwks-hours.json');
    writeFileSync(jwks, JSON.stringify(ISSUER.jwks));
    const read = (maxTokenHours: string) => {
      const { issuer, audience } = ISSUER;
      const context: Record<string, string> = { issuer, audience, jwks, maxTokenHours };
      return issuerFromContext((name) => context[name])[0]?.maxLifetime?.toHours();
    };

    expect(read('48')).toBe(48);
    expect(() => read('2 days')).toThrow("maxTokenHours is '2 days'; use a whole number of hours");
  });

  test('requires all three values or none', () => {
    expect(issuerFromContext(() => undefined)).toEqual([]);
    expect(() => issuerFromContext((name) => (name === 'issuer' ? 'https://id.example' : undefined))).toThrow(
      "issuer is 'https://id.example', audience 'undefined'",
    );
  });
});
