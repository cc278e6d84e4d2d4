import { readFileSync } from 'node:fs';
import { Duration } from 'aws-cdk-lib';
import { DEFAULT_TOKEN_SECONDS, DEVELOPMENT_ISSUER } from '#contract/claims.ts';

/** A public key in JWK form. */
export type PublicJwk = Readonly<Record<string, unknown>> & { readonly kty: string; readonly kid: string };

/** An issuer whose tokens the API accepts if they are for `audience` and signed with one of these keys. */
export interface TokenIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly jwks: { readonly keys: readonly PublicJwk[] };
  /**
   * Maximum lifetime of a token (from `iat` to `exp`), up to 366 days. Longer ones are refused. @default 24
   * hours
   */
  readonly maxLifetime?: Duration;
}

/** An issuer in auth.json, next to the function that checks tokens. */
export interface AcceptedIssuer extends Omit<TokenIssuer, 'maxLifetime'> {
  readonly maxLifetimeSeconds: number;
}

const MAX_LIFETIME = Duration.days(366);

// Members of private and symmetric keys (RFC 7518). They must not be bundled, because many people can read a
// function's code.
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

export function acceptedIssuers(issuers: readonly TokenIssuer[]): AcceptedIssuer[] {
  return issuers.map(({ issuer, audience, jwks, maxLifetime }) => {
    return { issuer, audience, jwks, maxLifetimeSeconds: maxLifetime?.toSeconds() ?? DEFAULT_TOKEN_SECONDS };
  });
}

/**
 * Returns the issuer of `-c issuer= -c audience= -c jwks=<file>`, or none if all three are absent. `-c
 * maxTokenHours=` is optional.
 */
export function issuerFromContext(context: (name: string) => unknown): TokenIssuer[] {
  const [issuer, audience, file] = ['issuer', 'audience', 'jwks'].map(context);
  if (issuer === undefined && audience === undefined && file === undefined) return [];
  if (typeof issuer !== 'string' || typeof audience !== 'string' || typeof file !== 'string') {
    throw new Error(
      `issuer is '${issuer}', audience '${audience}', jwks '${file}'; set all three or none: ` +
        '-c issuer=https://… -c audience=… -c jwks=<path to a JSON file {"keys": […]}>',
    );
  }
  const hours = context('maxTokenHours');
  const jwks = JSON.parse(readFileSync(file, 'utf8'));
  return [{ issuer, audience, jwks, ...(hours !== undefined && { maxLifetime: hoursOf(hours) }) }];
}

function hoursOf(text: unknown): Duration {
  const hours = Number(text);
  if (Number.isInteger(hours) && hours >= 1) return Duration.hours(hours);
  throw new Error(`maxTokenHours is '${text}'; use a whole number of hours, such as -c maxTokenHours=48`);
}

/** Throws for issuers that would make the API unsafe, or silently unusable. */
export function checkIssuers(issuers: readonly TokenIssuer[], { local }: { local: boolean }): void {
  for (const { issuer, audience, jwks, maxLifetime } of issuers) {
    if (issuer === DEVELOPMENT_ISSUER && !local) {
      throw new Error(
        `the issuer '${DEVELOPMENT_ISSUER}' is for emulators only; set AWS_ENDPOINT_URL to a loopback address, or use your own issuer`,
      );
    }
    if (!issuer || !audience) {
      throw new Error(`issuer is '${issuer}' and audience '${audience}'; neither may be empty`);
    }
    checkKeys(issuer, jwks?.keys);
    checkLifetime(issuer, maxLifetime);
  }
}

function checkLifetime(issuer: string, lifetime: Duration | undefined): void {
  const seconds = lifetime?.toSeconds({ integral: false }) ?? DEFAULT_TOKEN_SECONDS;
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_LIFETIME.toSeconds()) return;
  throw new Error(
    `maxLifetime of issuer '${issuer}' is ${seconds} seconds; whole seconds from 1 to ${MAX_LIFETIME.toSeconds()} (366 days) are allowed`,
  );
}

function checkKeys(issuer: string, keys: unknown): void {
  if (!Array.isArray(keys) || keys.length === 0) {
    throw new Error(
      `the key set of issuer '${issuer}' has no keys; expected {"keys": [{"kty": …, "kid": …}, …]}`,
    );
  }
  for (const key of keys) {
    const secret = SECRET_MEMBERS.find((member) => member in key);
    if (secret !== undefined) {
      throw new Error(
        `key '${key.kid}' of issuer '${issuer}' has the private member '${secret}'; pass public keys only, and replace this key, because it must be considered compromised`,
      );
    }
    if (typeof key.kid !== 'string' || typeof key.kty !== 'string') {
      throw new Error(
        `a key of issuer '${issuer}' lacks kid or kty; both are required, because tokens refer to their key by kid`,
      );
    }
  }
}
