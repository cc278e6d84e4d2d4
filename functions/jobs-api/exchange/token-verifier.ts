/** Verifies tokens without network access; the keys are fixed at deployment. */
import {
  JwtExpiredError,
  JwtInvalidAudienceError,
  JwtInvalidIssuerError,
  JwtInvalidSignatureAlgorithmError,
  JwtInvalidSignatureError,
  JwtNotBeforeError,
  KidNotFoundInJwksError,
  ParameterValidationError,
} from 'aws-jwt-verify/error';
import { isJwks, type Jwks } from 'aws-jwt-verify/jwk';
import {
  JwtVerifier,
  type JwtVerifierMultiProperties,
  type VerifyProperties,
} from 'aws-jwt-verify/jwt-verifier';
import type { Json } from 'aws-jwt-verify/safe-json-parse';
import * as z from 'zod';
import { type Claims, DEFAULT_TOKEN_SECONDS, tokenClaims } from '#contract/claims.ts';
import { FORM_CHECKS, type FormCheck, readToken, type SentToken, TokenRefusal } from './token-form.ts';

/** Trusted issuers (auth.json beside the bundle), each with the audience and keys of its tokens. */
export const tokenIssuers = z.array(
  z.object({
    issuer: z.string().min(1),
    audience: z.string().min(1),
    jwks: z.custom<Jwks>((value) => isJwks(value as Json), 'no JSON Web Key Set'),
    /** Longest time from `iat` to `exp`. */
    maxLifetimeSeconds: z.number().positive().default(DEFAULT_TOKEN_SECONDS),
  }),
);
export type TokenIssuers = z.input<typeof tokenIssuers>;
type TokenIssuer = TokenIssuers[number];

/** Maximum length of a token. A normal one has a few hundred characters; a much longer one is an attack. */
const MAX_TOKEN_LENGTH = 8_192;

/** Seconds by which the clock of an issuer may be ahead. `exp` is exact, so this does not prolong tokens. */
const CLOCK_SKEW_SECONDS = 30;

export type Verification = { readonly claims: Claims } | { readonly refused: string };

/** Returns the payload of a token that one of the issuers signed for this API; throws for any other. */
export type SignatureCheck = (token: string) => Readonly<Record<string, unknown>>;

/** Returns the reason to refuse a token whose signature is right, or `undefined`. */
export type ClaimCheck = (claims: Claims, issuer: TokenIssuer | undefined, now: number) => string | undefined;

export interface TokenChecks {
  readonly form: Readonly<Record<string, FormCheck>>;
  readonly signature: (issuers: TokenIssuers) => SignatureCheck;
  readonly claims: Readonly<Record<string, ClaimCheck>>;
}

export const TOKEN_CHECKS: TokenChecks = {
  form: FORM_CHECKS,
  signature: signatureCheck,
  claims: {
    notExpired: ({ exp }, _issuer, now) => (exp <= now ? `the token expired at ${instant(exp)}` : undefined),
    lifetime: ({ iat, exp }, issuer) => {
      const maxSeconds = issuer?.maxLifetimeSeconds ?? DEFAULT_TOKEN_SECONDS;
      if (exp - iat <= maxSeconds) return undefined;
      return `the lifetime of the token (iat to exp) is ${Math.ceil(exp - iat)} seconds; at most ${maxSeconds} are accepted`;
    },
    issuedInPast: ({ iat }, _issuer, now) =>
      iat - CLOCK_SKEW_SECONDS > now ? `the token was issued in the future (iat ${instant(iat)})` : undefined,
  },
};

/** Returns a function that verifies tokens. Without an issuer, it refuses every token. */
export function tokenVerifier(
  issuers: TokenIssuers,
  checks: TokenChecks = TOKEN_CHECKS,
): (token: string) => Verification {
  if (issuers.length === 0) return () => ({ refused: 'this deployment trusts no issuer of tokens yet' });
  const payloadOf = checks.signature(issuers);
  return (token) => {
    try {
      return { claims: checkedClaims(token) };
    } catch (error) {
      return { refused: reasonOf(error) };
    }
  };

  function checkedClaims(token: string): Claims {
    if (token.length > MAX_TOKEN_LENGTH) {
      throw new TokenRefusal(
        `the token has ${token.length} characters; at most ${MAX_TOKEN_LENGTH} are accepted`,
      );
    }
    const parsedToken = readToken(token);
    for (const check of Object.values(checks.form)) refuseFor(check(parsedToken));
    const payload = verifiedPayload(token, parsedToken);
    const claims = tokenClaims.safeParse(payload);
    if (!claims.success) throw new TokenRefusal(wrongClaim(claims.error, payload));
    const issuer = issuers.find((candidate) => candidate.issuer === payload['iss']);
    const now = Date.now() / 1000;
    for (const check of Object.values(checks.claims)) refuseFor(check(claims.data, issuer, now));
    return claims.data;
  }

  function verifiedPayload(token: string, { payload }: SentToken): Readonly<Record<string, unknown>> {
    try {
      return payloadOf(token);
    } catch (error) {
      throw claimRefusal(error, payload) ?? error;
    }
  }
}

function refuseFor(reason: string | undefined): void {
  if (reason !== undefined) throw new TokenRefusal(reason);
}

/** Names a missing claim and the time of expiry, which the errors of the library do not. */
function claimRefusal(
  error: unknown,
  { iss, aud, exp }: Readonly<Record<string, unknown>>,
): TokenRefusal | undefined {
  const isIssuer = error instanceof JwtInvalidIssuerError || error instanceof ParameterValidationError;
  if (isIssuer && iss === undefined) return new TokenRefusal('the token lacks the claim iss');
  if (error instanceof JwtInvalidAudienceError && aud === undefined)
    return new TokenRefusal('the token lacks the claim aud');
  if (error instanceof JwtExpiredError && typeof exp === 'number')
    return new TokenRefusal(`the token expired at ${instant(exp)}`);
  return undefined;
}

function wrongClaim({ issues }: z.ZodError, payload: Readonly<Record<string, unknown>>): string {
  const name = String(issues[0]?.path[0] ?? '');
  if (payload[name] === undefined) return `the token lacks the claim ${name}`;
  return `the claim ${name} of the token is wrong: ${issues[0]?.message}`;
}

function signatureCheck(issuers: TokenIssuers): SignatureCheck {
  const verifier = JwtVerifier.create(issuers.map(propertiesOf));
  for (const { issuer, jwks } of issuers) verifier.cacheJwks(jwks, issuer);
  return (token) => verifier.verifySync(token);
}

function propertiesOf({ issuer, audience }: TokenIssuer): JwtVerifierMultiProperties<VerifyProperties> {
  return {
    issuer,
    audience,
    // Only identifies the key set, which is passed to the verifier and never fetched. An issuer need not be a URL.
    jwksUri: `static:${issuer}`,
    graceSeconds: CLOCK_SKEW_SECONDS,
    customJwtCheck: ({ header, jwk }) => {
      if (!isKeyFor(header.alg, jwk)) throw new JwtInvalidSignatureAlgorithmError('', header.alg, jwk.kty);
    },
  };
}

/** True if the key fits the algorithm. If a key set names none, the library would trust the algorithm of the token. */
function isKeyFor(algorithm: string | undefined, { kty, crv }: { kty: string; crv?: unknown }): boolean {
  if (algorithm === 'RS256') return kty === 'RSA';
  return algorithm === 'ES256' && kty === 'EC' && crv === 'P-256';
}

/** The library's own messages quote the token. */
const LIBRARY_REASONS = [
  [JwtExpiredError, 'the token has expired'],
  [JwtNotBeforeError, 'the token is not valid yet (nbf)'],
  [JwtInvalidAudienceError, 'the audience (aud) of the token is not the one of this API'],
  [JwtInvalidIssuerError, 'the issuer (iss) of the token is not one that this API trusts'],
  // The library throws this for an issuer that is not configured.
  [ParameterValidationError, 'the issuer (iss) of the token is not one that this API trusts'],
  [KidNotFoundInJwksError, 'the token names an unknown key: its kid is not in the key set of its issuer'],
  [JwtInvalidSignatureAlgorithmError, 'the algorithm (alg) of the token is not that of its key'],
  [JwtInvalidSignatureError, 'the signature of the token is wrong'],
] as const;

/** Returns a reason for every error, so that a check that fails in a new way never accepts a token. */
function reasonOf(error: unknown): string {
  if (error instanceof TokenRefusal) return error.message;
  const libraryReason = LIBRARY_REASONS.find(([type]) => error instanceof type);
  return libraryReason?.[1] ?? 'the token is not valid';
}

function instant(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
