/** OIDC issuer that signs in every user without a password: discovery, authorization code and token endpoint, with PKCE checked. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { token } from '../../functions/jobs-api/tokens.ts';

const LOOPBACK = '127.0.0.1';

export type Issuer = Awaited<ReturnType<typeof serveIssuer>>;

export async function serveIssuer() {
  /** PKCE challenge of each authorization code. */
  const challenges = new Map<string, string>();
  const exchangedCodes: string[] = [];
  const server = createServer((request, response) => void respond(request, response));
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const issuer = `http://${LOOPBACK}:${address.port}`;

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', issuer);
    response.setHeader('access-control-allow-origin', '*');
    if (pathname === '/.well-known/openid-configuration') return json(response, discovery());
    if (pathname === '/authorize') return authorize(searchParams, response);
    if (pathname === '/token') return exchange(await textOf(request), response);
    response.writeHead(404).end();
  }

  function discovery(): object {
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
    };
  }

  function authorize(query: URLSearchParams, response: ServerResponse): void {
    const code = `code-${challenges.size}`;
    challenges.set(code, query.get('code_challenge') ?? '');
    const target = new URL(query.get('redirect_uri') ?? '');
    target.searchParams.set('code', code);
    target.searchParams.set('state', query.get('state') ?? '');
    response.writeHead(302, { location: target.href }).end();
  }

  function exchange(body: string, response: ServerResponse): void {
    const form = new URLSearchParams(body);
    const code = form.get('code') ?? '';
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (challenges.get(code) !== challenge) {
      response.writeHead(400).end();
      return;
    }
    exchangedCodes.push(code);
    const idToken = token({ iss: issuer, aud: 'console', sub: 'carol' });
    json(response, {
      access_token: token({ sub: 'carol' }),
      id_token: idToken,
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'openid',
    });
  }

  return {
    issuer,
    exchangedCodes,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function json(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
