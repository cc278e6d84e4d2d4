import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export const ISSUER = 'https://issuer.test';
export const AUDIENCE = 'jobtree-test';

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** Issuers as a stack is deployed with them, with public keys only. */
export const ISSUERS = [
  {
    issuer: ISSUER,
    audience: AUDIENCE,
    // The last one does not say which algorithm it is for, as some issuers have it.
    jwks: { keys: [jwkOf(ec.publicKey, 'ec', 'ES256'), jwkOf(rsa.publicKey, 'rsa', 'RS256'), keyForAny()] },
  },
];

function jwkOf(key: KeyObject, kid: string, alg: string) {
  return { ...key.export({ format: 'jwk' }), kty: alg === 'ES256' ? 'EC' : 'RSA', kid, alg, use: 'sig' };
}

function keyForAny() {
  const { alg: _alg, ...jwk } = jwkOf(rsa.publicKey, 'any', 'RS256');
  return jwk;
}

const HOUR_SECONDS = 3600;

export function claims(more: object = {}): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  const base = { iss: ISSUER, aud: AUDIENCE, sub: 'alice', iat: now, exp: now + HOUR_SECONDS };
  return { ...base, partitions: ['p1'], role: 'operator', ...more };
}

export function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

export const KEYS = { ec: ec.privateKey, rsa: rsa.privateKey };
export const PUBLIC_KEYS = { ec: ec.publicKey, rsa: rsa.publicKey };

/** The first two parts of a token with their signature, by any key and digest. */
export function signed(
  content: string,
  key: KeyObject = ec.privateKey,
  digest: string | null = 'sha256',
): string {
  const signature = sign(digest, Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' });
  return `${content}.${signature.toString('base64url')}`;
}

/** A token as an honest issuer signs it, with these claims beside the usual ones. */
export function token(more: object = {}, alg: 'ES256' | 'RS256' = 'ES256'): string {
  const kid = alg === 'ES256' ? 'ec' : 'rsa';
  const signed = `${part({ alg, typ: 'JWT', kid })}.${part(claims(more))}`;
  const key = alg === 'ES256' ? ec.privateKey : rsa.privateKey;
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}

/** No signature at all. */
export function unsignedToken(): string {
  return `${part({ alg: 'none', kid: 'ec' })}.${part(claims())}.`;
}

/** HMAC with the public key as its secret: what a verifier falls for that lets the token choose the algorithm. */
export function confusedToken(): string {
  const signed = `${part({ alg: 'HS256', kid: 'rsa' })}.${part(claims())}`;
  const secret = createPublicKey(rsa.publicKey.export({ format: 'pem', type: 'spki' })).export({
    format: 'pem',
    type: 'spki',
  });
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** Signed by the right key with an algorithm that the library knows and the service does not allow. */
export function otherAlgorithmToken(): string {
  const signed = `${part({ alg: 'RS512', kid: 'any' })}.${part(claims())}`;
  return `${signed}.${sign('sha512', Buffer.from(signed), rsa.privateKey).toString('base64url')}`;
}
