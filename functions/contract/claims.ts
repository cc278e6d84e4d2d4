/** What a token must say for the API to trust it: who, for which partitions, in which role. */
import * as z from 'zod';

/** Each may do all that those before it may. */
const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Issuer of the tokens that a developer signs for an emulator; no other stack may accept it. */
export const DEVELOPMENT_ISSUER = 'jobtree-local';
export const DEVELOPMENT_AUDIENCE = 'jobtree';

const ALL_PARTITIONS = '*';

/** Other claims are left alone. `exp` is required here, since a verifier accepts a token without one for ever. */
export const tokenClaims = z.object({
  sub: z.string().min(1).max(255),
  partitions: z.array(z.string()).min(1),
  role: z.enum(ROLES),
  exp: z.number(),
});
export type Claims = z.infer<typeof tokenClaims>;

export function reachesRole(claims: Claims, needed: Role): boolean {
  return ROLES.indexOf(claims.role) >= ROLES.indexOf(needed);
}

export function reachesAllPartitions(claims: Claims): boolean {
  return claims.partitions.includes(ALL_PARTITIONS);
}

export function reachesPartition(claims: Claims, partition: string): boolean {
  return reachesAllPartitions(claims) || claims.partitions.includes(partition);
}

/** Whether the token may change what a partition owns or, without a partition, what all of them share. */
export function administers(claims: Claims, partition: string | undefined): boolean {
  const reaches =
    partition === undefined ? reachesAllPartitions(claims) : reachesPartition(claims, partition);
  return reaches && reachesRole(claims, 'admin');
}
