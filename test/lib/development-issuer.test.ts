import { App, Stack } from 'aws-cdk-lib';
import { afterEach, expect, test, vi } from 'vitest';
import { DEVELOPMENT_ISSUER } from '#contract/claims.ts';
import { withDevelopmentIssuer } from '../../lib/development-issuer.ts';
import { developmentKey } from '../../localstack/development-key.ts';

const AUTH = [{ issuer: 'https://id.example', audience: 'jobs', jwks: { keys: [] } }];
const KEY = JSON.stringify(developmentKey().publicKey);

function stackWith(context: Record<string, string>): Stack {
  return new Stack(new App({ context }), 'Test');
}

afterEach(() => vi.unstubAllEnvs());

test('an app that jobtree dev deploys accepts development tokens beside those of its issuer, and is local', () => {
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:4566');

  const props = withDevelopmentIssuer(stackWith({ 'jobtree:developmentKey': KEY }), { auth: AUTH });

  expect(props.auth?.map(({ issuer }) => issuer)).toEqual(['https://id.example', DEVELOPMENT_ISSUER]);
  expect(props).toMatchObject({ local: true, webIsLocal: true });
});

test('any other deployment is unchanged', () => {
  const props = { auth: AUTH };

  expect(withDevelopmentIssuer(stackWith({}), props)).toBe(props);
});

test.each(['', 'https://example.com'])('a development key is refused with the endpoint "%s"', (endpoint) => {
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint);

  expect(() => withDevelopmentIssuer(stackWith({ 'jobtree:developmentKey': KEY }), {})).toThrow(
    'for emulators only',
  );
});
