/** Requests to an OpenID Connect issuer. */
import { CliError, networkReason } from '../errors.ts';

export interface Discovery {
  readonly issuer: string;
  readonly authorization_endpoint?: string;
  readonly token_endpoint: string;
  readonly device_authorization_endpoint?: string;
}

/** Response of a token endpoint: tokens, or an error of RFC 6749 or RFC 8628. */
export interface TokenAnswer {
  readonly access_token?: string;
  readonly refresh_token?: string;
  readonly expires_in?: number;
  readonly error?: string;
  readonly error_description?: string;
}

const TIMEOUT_MILLIS = 20_000;

export async function discover(issuer: string): Promise<Discovery> {
  const url = `${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`;
  const { status, body } = await request(url, {});
  if (status === 200 && typeof body['token_endpoint'] === 'string') {
    assertSecure(body['token_endpoint']);
    return body as unknown as Discovery;
  }
  throw new CliError(`${url} responded with ${status} and no token_endpoint`, {
    hint: 'Check --issuer: it is the iss claim of the tokens, and must support OpenID Connect discovery.',
  });
}

/** Sends a form to an endpoint of the issuer. Errors of the protocol are returned, not thrown. */
export async function tokenRequest(
  endpoint: string,
  form: Readonly<Record<string, string>>,
): Promise<TokenAnswer> {
  return (await formRequest(endpoint, form)) as TokenAnswer;
}

export async function formRequest(
  endpoint: string,
  form: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const { status, body } = await request(endpoint, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams(form),
  });
  if (status >= 500) throw new CliError(`the issuer responded with ${status}; try again later`);
  return body;
}

async function request(url: string, init: RequestInit) {
  assertSecure(url);
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MILLIS) });
    const text = await response.text();
    return { status: response.status, body: parsed(text) };
  } catch (error) {
    const reason = error instanceof Error ? (networkReason(error) ?? error.message) : String(error);
    throw new CliError(`${url} could not be reached: ${reason}`, {
      hint: 'Check --issuer and the network.',
      cause: error,
    });
  }
}

function parsed(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Credentials are only sent over TLS, except to this machine. */
function assertSecure(url: string): void {
  if (URL.canParse(url)) {
    const { protocol, hostname } = new URL(url);
    if (protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return;
  }
  throw new CliError(`'${url}' is not an https address`, { hint: 'Use the https address of the issuer.' });
}
