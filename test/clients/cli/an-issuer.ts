/** An OpenID Connect issuer with the device flow and the authorization code flow with PKCE. */
import { createHash } from 'node:crypto';
import { type WebServer, webServer } from '../../support/web-server.ts';

export interface Issuer extends WebServer {
  /** Number of times that the device is still pending. */
  pendingPolls: number;
  readonly grants: string[];
}

export async function anIssuer(token: () => string, expiresIn = 3600): Promise<Issuer> {
  let challenge = '';
  const grants: string[] = [];
  const server = await webServer(({ path, body }, response) => {
    const url = new URL(path, issuer.url);
    const form = new URLSearchParams(body);
    const json = (status: number, value: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (url.pathname === '/.well-known/openid-configuration') {
      return json(200, {
        issuer: issuer.url,
        authorization_endpoint: `${issuer.url}/authorize`,
        token_endpoint: `${issuer.url}/token`,
        device_authorization_endpoint: `${issuer.url}/device`,
      });
    }
    if (url.pathname === '/authorize') {
      challenge = url.searchParams.get('code_challenge') ?? '';
      const back = new URL(url.searchParams.get('redirect_uri') ?? '');
      back.searchParams.set('code', 'the-code');
      back.searchParams.set('state', url.searchParams.get('state') ?? '');
      return response.writeHead(302, { location: back.href }).end();
    }
    if (url.pathname === '/device') {
      return json(200, {
        device_code: 'device',
        user_code: 'ABCD-EFGH',
        verification_uri: `${issuer.url}/activate`,
        interval: 0.05,
      });
    }
    const grant = form.get('grant_type') ?? '';
    grants.push(grant);
    if (grant.endsWith('device_code') && issuer.pendingPolls > 0) {
      issuer.pendingPolls -= 1;
      return json(400, { error: 'authorization_pending' });
    }
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (grant === 'authorization_code' && verifier !== challenge)
      return json(400, { error: 'invalid_grant' });
    return json(200, { access_token: token(), refresh_token: 'refresh', expires_in: expiresIn });
  });
  const issuer: Issuer = Object.assign(server, { pendingPolls: 2, grants });
  return issuer;
}
