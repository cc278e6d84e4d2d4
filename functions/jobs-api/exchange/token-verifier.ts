import { JwtVerifier } from 'aws-jwt-verify';
import { JwtExpiredError } from 'aws-jwt-verify/error';
import { isJwks, type Jwks } from 'aws-jwt-verify/jwk';
import type { JwtVerifierMultiProperties, VerifyProperties } from 'aws-jwt-verify/jwt-verifier';
import type { Json } from 'aws-jwt-verify/safe-json-parse';
import * as z from 'zod';
import { type Claims, tokenClaims } from '#contract/claims.ts';

/** Whose tokens are accepted (auth.json beside the bundle): those `issuer` signed for `audience` with these keys. */
export const tokenIssuers = z.array(
  z.object({
    issuer: z.string().min(1),
    audience: z.string().min(1),
    jwks: z.custom<Jwks>((value) => isJwks(value as Json), 'no JSON Web Key Set'),
  }),
);
export type TokenIssuers = z.output<typeof tokenIssuers>;

/** The library knows more; these two are what the service promises. */
const ALLOWED_ALGORITHMS = ['RS256', 'ES256'];

/** A token is a few hundred bytes; a megabyte of it is an attack. */
const MAX_TOKEN_LENGTH = 8_192;

export type Verification = { readonly claims: Claims } | { readonly refused: string };

/** Checks tokens without any network: the keys are fixed at deployment. Without an issuer it refuses every token. */
export function tokenVerifier(issuers: TokenIssuers): (token: string) => Verification {
  if (issuers.length === 0) return () => ({ refused: 'this deployment trusts no issuer of tokens yet' });
  const verifier = JwtVerifier.create(issuers.map(propertiesOf));
  for (const { issuer, jwks } of issuers) verifier.cacheJwks(jwks, issuer);

  return (token) => {
    if (token.length > MAX_TOKEN_LENGTH) return { refused: 'the token is too long' };
    try {
      const claims = tokenClaims.safeParse(verifier.verifySync(token));
      if (claims.success) return { claims: claims.data };
      return { refused: 'the token lacks claims; it needs sub, exp, partitions (list) and role' };
    } catch (error) {
      // Whatever it was, the token did not pass: nothing may get by because a check failed in a new way.
      return {
        refused: error instanceof JwtExpiredError ? 'the token has expired' : 'the token is not valid',
      };
    }
  };
}

function propertiesOf({
  issuer,
  audience,
}: TokenIssuers[number]): JwtVerifierMultiProperties<VerifyProperties> {
  return {
    issuer,
    audience,
    // Only names the key set: it is given to the verifier and never fetched. An issuer need not be an address.
    jwksUri: `static:${issuer}`,
    customJwtCheck: ({ header }) => assertAlgorithm(header.alg),
  };
}

function assertAlgorithm(algorithm: string | undefined): void {
  if (algorithm === undefined || !ALLOWED_ALGORITHMS.includes(algorithm))
    throw new Error(`algorithm not allowed: ${algorithm}`);
}
