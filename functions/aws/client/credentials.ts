/** Credentials of a function: its environment, or the endpoint that Lambda offers with SnapStart and ECS to containers. */
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Credentials, ExpiringCredentials } from '../calls.ts';
import { exchange } from './exchange.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface CredentialSource {
  get(): Promise<ExpiringCredentials>;
  /** Called if a service refused them as expired: the next call requests new ones. */
  forget(): void;
}

/** Credentials are renewed this long before they expire. */
const RENEWAL_MILLIS = 5 * 60 * 1000;

/** Caches what `load` returns until shortly before it expires. Of several concurrent calls, one loads. */
export function cachedCredentials(load: () => Promise<ExpiringCredentials>): CredentialSource {
  let cached: Promise<ExpiringCredentials> | undefined;
  const begin = () => {
    const loading = load();
    loading.catch(() => {
      if (cached === loading) cached = undefined;
    });
    cached = loading;
    return loading;
  };
  return {
    async get() {
      const current = cached ?? begin();
      const credentials = await current;
      const { expiresAt = Number.POSITIVE_INFINITY } = credentials;
      if (Date.now() < expiresAt - RENEWAL_MILLIS) return credentials;
      const renewed = cached === current ? begin() : (cached ?? begin());
      return renewed.catch((error: unknown) => {
        if (Date.now() < expiresAt) return credentials;
        throw error;
      });
    },
    forget() {
      cached = undefined;
    },
  };
}

/** Returns `undefined` if the environment has no credentials that this client can read. */
export function environmentCredentials(environment: Environment): CredentialSource | undefined {
  if (environment['AWS_ACCESS_KEY_ID'] !== undefined && environment['AWS_SECRET_ACCESS_KEY'] !== undefined) {
    // Read for each request: nothing caches a value that has been replaced.
    return { get: async () => fromVariables(environment), forget: () => undefined };
  }
  const url = containerUrl(environment);
  return url && cachedCredentials(() => fromContainer(url, environment));
}

function fromVariables(environment: Environment): Credentials {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = environment;
  if (id === undefined || secret === undefined)
    throw new Error('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are no longer set');
  const isTemporary = token !== undefined && token !== '';
  return { accessKeyId: id, secretAccessKey: secret, ...(isTemporary ? { sessionToken: token } : {}) };
}

const CONTAINER_HOST = 'http://169.254.170.2';
/** Hosts that may receive the token of the container without TLS. */
const LOCAL_HOSTS = /^(169\.254\.170\.(2|23)|\[fd00:ec2::23\]|localhost|\[::1\]|127(\.\d{1,3}){3})$/;

function containerUrl({
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: relative,
  AWS_CONTAINER_CREDENTIALS_FULL_URI: full,
}: Environment): URL | undefined {
  const text = relative === undefined ? full : `${CONTAINER_HOST}${relative}`;
  if (text === undefined) return undefined;
  const url = new URL(text);
  if (url.protocol === 'https:' || LOCAL_HOSTS.test(url.hostname)) return url;
  throw new Error(
    `AWS_CONTAINER_CREDENTIALS_FULL_URI names the host '${url.hostname}'; it must use https or be a local address`,
  );
}

const LIMITS = { connectMillis: 1000, idleMillis: 1000 };
const TRIES = 3;

async function fromContainer(url: URL, environment: Environment): Promise<ExpiringCredentials> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await requestFromContainer(url, environment);
    } catch (error) {
      if (tries === TRIES) throw error;
    }
  }
}

async function requestFromContainer(url: URL, environment: Environment): Promise<ExpiringCredentials> {
  const token = await containerToken(environment);
  const { status, body } = await exchange(
    {
      method: 'GET',
      endpoint: url,
      path: `${url.pathname}${url.search}`,
      headers: { host: url.host, ...omitUndefined({ authorization: token }) },
      body: new Uint8Array(),
    },
    LIMITS,
  );
  if (status !== 200) throw new Error(`${url.host} returned status ${status} instead of credentials`);
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = JSON.parse(body.toString()) as Partial<
    Record<string, string>
  >;
  if (AccessKeyId === undefined || SecretAccessKey === undefined || Token === undefined)
    throw new Error(`${url.host} returned no complete credentials`);
  const expiresAt = Expiration === undefined ? {} : { expiresAt: Date.parse(Expiration) };
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: Token, ...expiresAt };
}

async function containerToken({
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file,
  AWS_CONTAINER_AUTHORIZATION_TOKEN: token,
}: Environment): Promise<string | undefined> {
  if (file === undefined) return token;
  const { readFile } = await import('node:fs/promises');
  return (await readFile(file, 'utf8')).trim();
}
