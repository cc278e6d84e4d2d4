import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pageFiles } from '../../lib/pages/pages.ts';
import { newApp, synthesize } from './synthesized.ts';

const JWKS = { keys: [{ kty: 'EC', kid: 'one', crv: 'P-256', x: 'x', y: 'y' }] };
const AUTH = [{ issuer: 'https://login.test/pool', audience: 'jobs', jwks: JWKS }];

const settingsOf = (stack: ReturnType<typeof synthesize>) =>
  JSON.parse(stack.file('serve-pages', 'console.json').toString());

test('the function has all pages and no permission, except for its log', () => {
  const stack = synthesize();

  for (const [path, content] of pageFiles()) {
    expect(stack.file('serve-pages', join('pages', path)).equals(content)).toBe(true);
  }
  const statements = stack
    .ofType('AWS::IAM::Role')
    .filter(([id]) => id.includes('ServePages'))
    .flatMap(([, { Properties }]) => Properties['Policies'][0].PolicyDocument.Statement);
  expect(statements.flatMap(({ Action }) => Action)).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
});

test('a client id lets people sign in with the first issuer, and with the origins of its endpoints', () => {
  const signInOrigins = ['https://login.auth.eu-west-1.amazoncognito.com'];
  const stack = synthesize({ auth: AUTH, console: { clientId: 'console', signInOrigins, title: 'staging' } });

  expect(settingsOf(stack)).toEqual({
    local: false,
    title: 'staging',
    signIn: { issuer: 'https://login.test/pool', clientId: 'console', scope: 'openid' },
    signInOrigins: ['https://login.test', ...signInOrigins],
  });
});

test('without a client id, people paste a token', () => {
  expect(settingsOf(synthesize({ auth: AUTH }))).toEqual({ local: false, signInOrigins: [] });
});

test('without a console, there is no function, no path and no access for pages to the bucket', () => {
  const stack = synthesize({ console: false });

  expect(stack.functions.has('serve-pages')).toBe(false);
  const parts = stack.ofType('AWS::ApiGateway::Resource').map(([, { Properties }]) => Properties['PathPart']);
  expect(parts).not.toContain('console');
  expect(
    stack.ofType('AWS::S3::Bucket').filter(([, { Properties }]) => 'CorsConfiguration' in Properties),
  ).toEqual([]);
});

test.each([
  [{ clientId: 'c' }, [], /'' is not an address to sign in at/],
  [
    { clientId: 'c', issuer: 'https://other.test' },
    AUTH,
    /which `auth` does not list; use one of: https:\/\/login.test\/pool/,
  ],
  [{ clientId: 'c', signInOrigins: ['login.test'] }, AUTH, /'login.test' is not an address to sign in at/],
])('%j of the console is refused', (console, auth, message) => {
  expect(() => synthesize({ console, auth }, newApp())).toThrow(message);
});
