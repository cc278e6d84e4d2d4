/** Sign-in by the authorization code flow with PKCE (RFC 7636, RFC 8252): the issuer redirects to this machine. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { openBrowser } from '../open-browser.ts';
import { refused } from './device-flow.ts';
import { type Discovery, type TokenAnswer, tokenRequest } from './oidc.ts';
import type { OidcSettings } from './profiles.ts';

const LOOPBACK = '127.0.0.1';
const WAIT_MILLIS = 5 * 60_000;
const PAGE =
  '<!doctype html><meta charset="utf-8"><title>jobtree</title><p>You can close this window and return to the terminal.';

export interface BrowserFlowOptions {
  readonly oidc: OidcSettings;
  readonly discovery: Discovery;
  /** Port of the redirect address. @default any free port */
  readonly port: number;
  readonly signal: AbortSignal;
  readonly note: (text: string) => void;
  readonly env: NodeJS.ProcessEnv;
}

export async function signInByBrowser(options: BrowserFlowOptions): Promise<TokenAnswer> {
  const { oidc, discovery, port, note, env } = options;
  const endpoint = discovery.authorization_endpoint;
  if (endpoint === undefined) {
    throw new CliError(`the issuer ${oidc.issuer} has no authorization endpoint`, {
      hint: 'Use jobtree login --device.',
    });
  }
  const [verifier, state] = [randomBytes(48).toString('base64url'), randomBytes(24).toString('base64url')];
  const server = createServer();
  server.listen(port, LOOPBACK);
  await once(server, 'listening');
  try {
    const redirect = `http://${LOOPBACK}:${(server.address() as AddressInfo).port}/callback`;
    const url = new URL(endpoint);
    const parameters = {
      response_type: 'code',
      client_id: oidc.clientId,
      redirect_uri: redirect,
      scope: oidc.scope,
      state,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...(oidc.audience && { audience: oidc.audience }),
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    note(`Sign in with your browser. If it does not open, open this address:\n  ${url}`);
    openBrowser(url.href, env);
    const code = await redirectedCode(server, state, options.signal);
    const answer = await tokenRequest(discovery.token_endpoint, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirect,
      client_id: oidc.clientId,
      code_verifier: verifier,
    });
    if (answer.error !== undefined) throw refused(answer);
    return answer;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Waits for the redirect with the expected state. Other requests get 404 and change nothing. */
function redirectedCode(server: Server, state: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () =>
        reject(new CliError('the sign-in was not completed within 5 minutes', { exitCode: EXIT.timeout })),
      WAIT_MILLIS,
    );
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    server.on('request', (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
      if (pathname !== '/callback' || searchParams.get('state') !== state) {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(PAGE);
      clearTimeout(timer);
      const code = searchParams.get('code');
      if (code !== null) return resolve(code);
      const error = searchParams.get('error') ?? 'no code';
      const description = searchParams.get('error_description');
      reject(refused({ error, ...(description !== null && { error_description: description }) }));
    });
  });
}
