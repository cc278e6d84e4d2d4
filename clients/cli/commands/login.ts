import { omitUndefined } from '#core/omit-undefined.ts';
import type { Context } from '../context.ts';
import { usageError } from '../errors.ts';
import { signInByBrowser } from '../settings/browser-flow.ts';
import { claimsOf } from '../settings/claims.ts';
import { signInByDevice } from '../settings/device-flow.ts';
import { discover } from '../settings/oidc.ts';
import { LOCAL_PROFILE, type OidcSettings, type Profile, Profiles } from '../settings/profiles.ts';
import { credentialsOf } from '../settings/tokens.ts';

interface Options {
  readonly issuer?: string;
  readonly clientId?: string;
  readonly audience?: string;
  readonly scope: string;
  readonly device?: boolean;
  readonly port?: number;
}

const DEFAULT_PROFILE = 'default';

export async function run(context: Context, options: Options, url?: string): Promise<void> {
  const { output, env, signal } = context;
  const profiles = new Profiles(env);
  const name = context.options.profile ?? env['JOBTREE_PROFILE'] ?? profileToSignIn(profiles, url);
  const profile = profileOf(profiles.all()[name], context, options, url);
  const { oidc } = profile;
  const discovery = await discover(oidc.issuer);
  const note = (text: string) => output.stderr.write(`${text}\n`);
  const answer = options.device
    ? await signInByDevice({ oidc, discovery, signal, note })
    : await signInByBrowser({ oidc, discovery, signal, note, env, port: options.port ?? 0 });
  const credentials = credentialsOf(answer);
  profiles.save(name, profile);
  profiles.saveCredentials(name, credentials);
  const { sub, role, partitions = [] } = claimsOf(credentials.token) ?? {};
  const identity = sub === undefined ? '' : ` as ${sub}`;
  output.note(`Signed in${identity}. The profile '${name}' is used by default.`);
  if (role === undefined || partitions.length === 0) {
    output.note('The token has no role or no partitions, so the service will refuse it. See jobtree doctor.');
  }
}

/** The current profile if it is for the same service; otherwise `default`. */
function profileToSignIn(profiles: Profiles, url: string | undefined): string {
  const { current } = profiles;
  if (current === undefined || current === LOCAL_PROFILE) return DEFAULT_PROFILE;
  return url === undefined || profiles.all()[current]?.url === url ? current : DEFAULT_PROFILE;
}

function profileOf(
  existing: Profile | undefined,
  { options: { partition, url: urlOption } }: Context,
  options: Options,
  given: string | undefined,
): Profile & { oidc: OidcSettings } {
  const url = given ?? urlOption ?? existing?.url;
  const issuer = options.issuer ?? existing?.oidc?.issuer;
  const clientId = options.clientId ?? existing?.oidc?.clientId;
  const audience = options.audience ?? existing?.oidc?.audience;
  const example = 'jobtree login https://…/v1 --issuer https://login.example.com --client-id jobtree-cli';
  if (url === undefined) throw usageError('the address of the service is missing', example);
  if (!/^https?:\/\/./.test(url)) throw usageError(`the address of the service is '${url}'`, example);
  if (issuer === undefined || clientId === undefined) {
    throw usageError(`--${issuer === undefined ? 'issuer' : 'client-id'} is missing`, example);
  }
  const stored = partition ?? existing?.partition;
  return {
    url: url.replace(/\/+$/, ''),
    ...omitUndefined({ partition: stored }),
    oidc: { issuer, clientId, scope: options.scope, ...omitUndefined({ audience }) },
  };
}
