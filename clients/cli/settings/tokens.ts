/** Tokens of profiles: stored, refreshed, or signed with the development key of a local service. */
import { readFileSync } from 'node:fs';
import type { DevelopmentKey } from '../../../localstack/development-key.ts';
import { signToken } from '../../../localstack/token.ts';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { claimsOf } from './claims.ts';
import { discover, tokenRequest } from './oidc.ts';
import type { Credentials, OidcSettings, Profile, Profiles } from './profiles.ts';

/** A token that expires sooner is replaced, so that it stays valid for the whole command. */
const MARGIN_MILLIS = 60_000;

/** Returns a valid token of a profile. Throws an error that states how to sign in. */
export async function currentToken(profiles: Profiles, name: string, profile: Profile): Promise<string> {
  const stored = profiles.credentials(name);
  if (stored !== undefined && (stored.expiresAt ?? Infinity) - Date.now() > MARGIN_MILLIS)
    return stored.token;
  const renewed = await renewedCredentials(name, profile, stored);
  profiles.saveCredentials(name, renewed);
  return renewed.token;
}

async function renewedCredentials(
  name: string,
  profile: Profile,
  stored: Credentials | undefined,
): Promise<Credentials> {
  if (profile.developmentKey !== undefined) return localCredentials(profile.developmentKey);
  if (profile.oidc !== undefined && stored?.refreshToken !== undefined) {
    return refreshed(name, profile.oidc, stored.refreshToken);
  }
  throw signInError(name, stored === undefined ? 'is not signed in' : 'has an expired token');
}

/** Returns a token of all partitions for a local service. */
function localCredentials(keyFile: string): Credentials {
  let key: DevelopmentKey;
  try {
    key = JSON.parse(readFileSync(keyFile, 'utf8')) as DevelopmentKey;
  } catch (error) {
    throw new CliError(`the key of the local service, ${keyFile}, cannot be read`, {
      exitCode: EXIT.notAllowed,
      hint: 'Start the service again with jobtree dev (in the repository: npm start).',
      cause: error,
    });
  }
  return credentialsOf({ access_token: signToken({ partitions: ['*'], role: 'admin' }, key) });
}

async function refreshed(name: string, oidc: OidcSettings, refreshToken: string): Promise<Credentials> {
  const { token_endpoint: endpoint } = await discover(oidc.issuer);
  const answer = await tokenRequest(endpoint, {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    client_id: oidc.clientId,
  });
  if (answer.error !== undefined) throw signInError(name, `could not be renewed (${answer.error})`);
  return { refreshToken, ...credentialsOf(answer) };
}

/** Returns the credentials in the response of a token endpoint. */
export function credentialsOf(answer: {
  readonly access_token?: string;
  readonly refresh_token?: string;
  readonly expires_in?: number;
}): Credentials {
  const { access_token: token, refresh_token: refreshToken, expires_in: seconds } = answer;
  if (!token) throw new CliError('the issuer returned no access token', { exitCode: EXIT.notAllowed });
  const exp = claimsOf(token)?.exp;
  const expiresAt = exp !== undefined ? exp * 1000 : seconds && Date.now() + seconds * 1000;
  return { token, ...(expiresAt && { expiresAt }), ...(refreshToken && { refreshToken }) };
}

function signInError(name: string, state: string): CliError {
  return new CliError(`the profile '${name}' ${state}`, {
    exitCode: EXIT.notAllowed,
    hint: `Sign in with jobtree login --profile ${name}`,
  });
}
