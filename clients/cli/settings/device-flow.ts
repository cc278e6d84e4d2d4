/** Sign-in by the OAuth 2.0 device flow (RFC 8628), for terminals without a browser. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import type { Discovery, TokenAnswer } from './oidc.ts';
import { formRequest, tokenRequest } from './oidc.ts';
import type { OidcSettings } from './profiles.ts';

interface DeviceAnswer {
  readonly device_code?: string;
  readonly user_code?: string;
  readonly verification_uri?: string;
  readonly verification_uri_complete?: string;
  readonly expires_in?: number;
  readonly interval?: number;
  readonly error?: string;
  readonly error_description?: string;
}

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const DEFAULT_INTERVAL_SECONDS = 5;
const DEFAULT_EXPIRY_SECONDS = 600;
/** RFC 8628: `slow_down` lengthens the interval by five seconds. */
const SLOW_DOWN_SECONDS = 5;

export interface DeviceFlowOptions {
  readonly oidc: OidcSettings;
  readonly discovery: Discovery;
  readonly signal: AbortSignal;
  readonly note: (text: string) => void;
}

export async function signInByDevice({
  oidc,
  discovery,
  signal,
  note,
}: DeviceFlowOptions): Promise<TokenAnswer> {
  const endpoint = discovery.device_authorization_endpoint;
  if (endpoint === undefined) {
    throw new CliError(`the issuer ${oidc.issuer} does not offer the device flow`, {
      hint: 'Leave out --device to sign in with a browser on this machine.',
    });
  }
  const device = (await formRequest(endpoint, {
    client_id: oidc.clientId,
    scope: oidc.scope,
    ...(oidc.audience && { audience: oidc.audience }),
  })) as DeviceAnswer;
  const { device_code: code, user_code: userCode, verification_uri: uri } = device;
  if (!code || !userCode || !uri) throw refused(device);
  note(`Open ${device.verification_uri_complete ?? uri} and confirm the code ${userCode}`);
  return pollTokens({ ...device, device_code: code }, { oidc, discovery, signal });
}

async function pollTokens(
  device: DeviceAnswer & { device_code: string },
  { oidc, discovery, signal }: Omit<DeviceFlowOptions, 'note'>,
): Promise<TokenAnswer> {
  const deadline = Date.now() + (device.expires_in ?? DEFAULT_EXPIRY_SECONDS) * 1000;
  let seconds = device.interval ?? DEFAULT_INTERVAL_SECONDS;
  while (Date.now() < deadline) {
    await sleep(seconds * 1000, undefined, { signal });
    const answer = await tokenRequest(discovery.token_endpoint, {
      grant_type: GRANT,
      device_code: device.device_code,
      client_id: oidc.clientId,
    });
    if (answer.error === undefined) return answer;
    if (answer.error === 'slow_down') seconds += SLOW_DOWN_SECONDS;
    else if (answer.error !== 'authorization_pending') throw refused(answer);
  }
  throw new CliError('the code expired before it was confirmed', {
    exitCode: EXIT.notAllowed,
    hint: 'Run jobtree login again.',
  });
}

export function refused({ error, error_description: description }: TokenAnswer): CliError {
  const reason = [error ?? 'no reason given', description].filter(Boolean).join(': ');
  return new CliError(`the issuer refused to sign in: ${reason}`, { exitCode: EXIT.notAllowed });
}
