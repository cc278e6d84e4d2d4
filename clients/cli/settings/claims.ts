/** The claims of a token. Read for messages only: the service verifies the token, not the command. */
export interface TokenClaims {
  readonly iss?: string;
  readonly aud?: string | readonly string[];
  readonly sub?: string;
  readonly role?: string;
  readonly partitions?: readonly string[];
  /** Seconds since 1970. */
  readonly exp?: number;
  readonly iat?: number;
}

/** Returns the claims of a JWT, or `undefined` for any other token. */
export function claimsOf(token: string): TokenClaims | undefined {
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) return undefined;
  try {
    return Object(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))) as TokenClaims;
  } catch {
    return undefined;
  }
}
