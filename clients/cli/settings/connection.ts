/** The service that a command uses: from options, environment variables and the profile, in this order. */
import { readFileSync } from 'node:fs';
import { Jobtree } from '../../client/index.ts';
import { CliError, usageError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { type Profile, Profiles } from './profiles.ts';

export interface ConnectionOptions {
  readonly profile?: string | undefined;
  readonly url?: string | undefined;
  readonly tokenFile?: string | undefined;
  readonly partition?: string | undefined;
}

export interface Settings {
  readonly url: string;
  readonly partition: string | undefined;
  readonly profileName: string | undefined;
  readonly profile: Profile | undefined;
  /** Source of the URL, for `jobtree doctor`. */
  readonly urlSource: string;
  readonly tokenSource: string;
  token(): Promise<string>;
}

export interface Connection extends Settings {
  readonly jobtree: Jobtree;
}

const START_HINT =
  'Start a local service with jobtree dev, or sign in to a deployed one: jobtree login URL --issuer ISSUER --client-id ID';

export function settingsOf(options: ConnectionOptions, env: NodeJS.ProcessEnv): Settings {
  const profiles = new Profiles(env);
  const given = options.url ?? env['JOBTREE_URL'];
  const name = options.profile ?? env['JOBTREE_PROFILE'];
  const found = given !== undefined && name === undefined ? undefined : profiles.find(name);
  const url = given ?? found?.profile.url;
  if (url === undefined)
    throw new CliError('no service is selected', { exitCode: EXIT.usage, hint: START_HINT });
  const fixed = fixedToken(options, env);
  return {
    url: checkedUrl(url),
    urlSource: options.url ? '--url' : given ? 'JOBTREE_URL' : `profile '${found?.name}'`,
    partition: options.partition ?? env['JOBTREE_PARTITION'] ?? found?.profile.partition,
    profileName: found?.name,
    profile: found?.profile,
    tokenSource: fixed?.source ?? (found ? `profile '${found.name}'` : 'none'),
    token: async () => fixed?.token ?? (await profileToken(profiles, found)),
  };
}

export function connect(options: ConnectionOptions, env: NodeJS.ProcessEnv): Connection {
  const settings = settingsOf(options, env);
  return { ...settings, jobtree: new Jobtree({ url: settings.url, token: settings.token }) };
}

/** Returns the client of the selected partition. */
export function partitionOf({ jobtree, partition }: Connection): Jobtree {
  if (partition !== undefined) return jobtree.partition(partition);
  throw usageError(
    'no partition is selected',
    'Pass --partition ID, set JOBTREE_PARTITION, or store one in the profile: jobtree login --partition ID',
  );
}

function fixedToken({ tokenFile }: ConnectionOptions, env: NodeJS.ProcessEnv) {
  if (tokenFile !== undefined) return { token: tokenIn(tokenFile), source: `the file ${tokenFile}` };
  const token = env['JOBTREE_TOKEN']?.trim();
  return token ? { token, source: 'JOBTREE_TOKEN' } : undefined;
}

function tokenIn(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8').trim();
  } catch (error) {
    throw usageError(`--token-file: ${file} cannot be read (${(error as Error).message})`);
  }
}

async function profileToken(
  profiles: Profiles,
  found: { name: string; profile: Profile } | undefined,
): Promise<string> {
  if (found === undefined) {
    throw new CliError('no token is available', {
      exitCode: EXIT.notAllowed,
      hint: 'Set JOBTREE_TOKEN, pass --token-file FILE, or sign in with jobtree login.',
    });
  }
  const { currentToken } = await import('./tokens.ts');
  return currentToken(profiles, found.name, found.profile);
}

function checkedUrl(text: string): string {
  const protocol = URL.canParse(text) ? new URL(text).protocol : '';
  if (['http:', 'https:'].includes(protocol)) return text.replace(/\/+$/, '');
  throw usageError(
    `the address of the service is '${text}'`,
    'Use the base URL of the API, such as https://abc.execute-api.eu-west-1.amazonaws.com/v1',
  );
}
