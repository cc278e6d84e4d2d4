import { createPrivateKey, sign } from 'node:crypto';
import { DEVELOPMENT_AUDIENCE, DEVELOPMENT_ISSUER } from '#contract/claims.ts';
import type { DevelopmentKey } from './development-key.ts';
import { LocalRefusal } from './local-refusal.ts';

const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export interface TokenClaims {
  /** Partition ids, or `['*']` for all. */
  readonly partitions: readonly string[];
  readonly role: Role;
  /** @default 'local' */
  readonly subject?: string;
  /** Negative for an expired token. @default 12 hours: a working day */
  readonly expiresInSeconds?: number;
}

const WORKING_DAY_SECONDS = 12 * 60 * 60;
const MAX_PARTITION_LENGTH = 40;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
const NOT_IN_PARTITION = /[.,:;*?!|()/\u0000-\u001f\u007f]/;

/** Returns a JWT (ES256) that stacks deployed to an emulator accept. */
export function signToken(claims: TokenClaims, key: Pick<DevelopmentKey, 'privateKey'>): string {
  const { partitions, role, subject = 'local', expiresInSeconds = WORKING_DAY_SECONDS } = claims;
  const issuedAt = Math.floor(Date.now() / 1000);
  const header = { alg: 'ES256', typ: 'JWT', kid: key.privateKey.kid };
  const payload = {
    iss: DEVELOPMENT_ISSUER,
    aud: DEVELOPMENT_AUDIENCE,
    sub: subject,
    partitions,
    role,
    iat: issuedAt,
    exp: issuedAt + expiresInSeconds,
  };
  const signedText = `${base64url(header)}.${base64url(payload)}`;
  const privateKey = createPrivateKey({ key: { ...key.privateKey }, format: 'jwk' });
  // JOSE requires the two numbers concatenated, not OpenSSL's DER format.
  const signature = sign('sha256', Buffer.from(signedText), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${signedText}.${signature.toString('base64url')}`;
}

/** Parses `p1,p2` or `*`. Refuses invalid partition ids. */
export function parsePartitions(text: string): string[] {
  if (text.trim() === '*') return ['*'];
  const partitions = text.split(',').map((partition) => partition.trim());
  const invalidPartition = partitions.find(
    (partition) =>
      partition === '' || partition.length > MAX_PARTITION_LENGTH || NOT_IN_PARTITION.test(partition),
  );
  if (invalidPartition === undefined) return partitions;
  throw new LocalRefusal(
    `--partitions has '${invalidPartition}'; a partition id has 1 to ${MAX_PARTITION_LENGTH} characters without . , : ; * ? ! | ( ) / . Use --partitions p1,p2 or --partitions '*' for all`,
  );
}

export function parseRole(text: string): Role {
  const role = ROLES.find((candidate) => candidate === text);
  if (role) return role;
  throw new LocalRefusal(`--role is '${text}'; allowed: ${ROLES.join(', ')}`);
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
