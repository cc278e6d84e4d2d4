/** The claims of a token: the subject, its partitions and its role. */
import * as z from 'zod';

/** Roles in ascending order. Each role includes the permissions of those before it. */
const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Issuer of the tokens that a developer signs for an emulator. No other stack may accept it. */
export const DEVELOPMENT_ISSUER = 'jobtree-local';
export const DEVELOPMENT_AUDIENCE = 'jobtree';

const ALL_PARTITIONS = '*';

/** Maximum lifetime of a token (`iat` to `exp`) if the deployment does not set another. */
export const DEFAULT_TOKEN_SECONDS = 24 * 60 * 60;

/**
 * The claims that jobtree reads; others are ignored. `exp` is required here because the verifier accepts
 * tokens without it indefinitely. `iat` is required because the lifetime of a token is otherwise unknown.
 */
export const tokenClaims = z.object({
  sub: z.string('use a string').min(1, 'use at least 1 character').max(255, 'use at most 255 characters'),
  partitions: z
    .array(z.string('list strings only'), 'use a list of partition ids')
    .min(1, 'list at least 1 partition'),
  role: z.enum(ROLES, `use one of ${ROLES.join(', ')}`),
  exp: z.number(),
  iat: z.number(),
});
export type Claims = z.infer<typeof tokenClaims>;

export function hasRole(claims: Claims, needed: Role): boolean {
  return ROLES.indexOf(claims.role) >= ROLES.indexOf(needed);
}

export function hasAllPartitions(claims: Claims): boolean {
  return claims.partitions.includes(ALL_PARTITIONS);
}

export function hasPartition(claims: Claims, partition: string): boolean {
  return hasAllPartitions(claims) || claims.partitions.includes(partition);
}

/**
 * True if the token may change documents and settings of a partition or, without a partition, those that all
 * partitions share.
 */
export function canAdminister(claims: Claims, partition: string | undefined): boolean {
  const reaches = partition === undefined ? hasAllPartitions(claims) : hasPartition(claims, partition);
  return reaches && hasRole(claims, 'admin');
}
