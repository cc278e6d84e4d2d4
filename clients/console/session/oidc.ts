/** Sign-in at an OIDC issuer with the authorization code flow and PKCE. Loaded only if the stack has a client id. */
import { InMemoryWebStorage, UserManager, WebStorageStateStore } from 'oidc-client-ts';
import { CONSOLE_URL } from '../addresses.ts';
import type { ConsoleConfig } from '../data/config.ts';
import { readClaims } from './token.ts';

type SignIn = NonNullable<ConsoleConfig['signIn']>;

function managerOf({ issuer, clientId, scope }: SignIn): UserManager {
  return new UserManager({
    authority: issuer,
    client_id: clientId,
    redirect_uri: CONSOLE_URL,
    scope,
    response_type: 'code',
    // The page keeps one token itself, which a sign-out removes. Others, such as a refresh token, are not stored.
    userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
    automaticSilentRenew: false,
  });
}

/** Leaves the page for the issuer's. `returnTo` is the page to show after the sign-in. */
export async function beginSignIn(signIn: SignIn, returnTo: string): Promise<void> {
  await managerOf(signIn).signinRedirect({ state: returnTo });
}

/** Exchanges the code in the address for a token. */
export async function completeSignIn(signIn: SignIn): Promise<{ token: string; returnTo: string }> {
  const user = await managerOf(signIn).signinCallback(location.href);
  if (user === undefined) throw new Error('The issuer returned no user.');
  return { token: tokenOf(user), returnTo: typeof user.state === 'string' ? user.state : CONSOLE_URL };
}

/** Issuers put the claims of jobtree into the access token or, such as Cognito, into the id token. */
function tokenOf({ access_token, id_token }: { access_token: string; id_token?: string }): string {
  const candidates = [access_token, id_token ?? ''];
  const token = candidates.find((one) => 'role' in readClaims(one));
  if (token !== undefined) return token;
  const [reason] = candidates.map(readClaims);
  throw new Error(
    `You are signed in at the issuer, but its tokens do not give access to jobtree. ${reason && 'problem' in reason ? reason.problem : ''}`,
  );
}
