import { createHash, generateKeyPairSync } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { STATE_ROOT } from './local-aws.ts';

/** An EC P-256 key in JWK format, as aws-jwt-verify expects it in a key set. */
type SigningJwk = {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly alg: 'ES256';
  readonly use: 'sig';
  readonly kid: string;
  readonly x: string;
  readonly y: string;
};

export interface DevelopmentKey {
  readonly privateKey: SigningJwk & { readonly d: string };
  readonly publicKey: SigningJwk;
}

/** The key file of this checkout or, with the package, of the user's app. */
export const KEY_FILE = join(STATE_ROOT, 'development-key.json');

/**
 * Returns the key pair of this checkout's local stacks, creating it on first use. No stack outside an
 * emulator may trust it.
 */
export function developmentKey(file = KEY_FILE): DevelopmentKey {
  return readKey(file) ?? createKey(file);
}

function createKey(file: string): DevelopmentKey {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(generateKey(), null, 2), { mode: 0o600 });
  try {
    // The link fails if another process created the key first. Then both processes use that key.
    linkSync(draft, file);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const key = readKey(file);
  if (!key) throw new Error(`${file} was deleted while it was being created`);
  return key;
}

function readKey(file: string): DevelopmentKey | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as DevelopmentKey;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function generateKey(): DevelopmentKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '', d = '' } = privateKey.export({ format: 'jwk' });
  // RFC 7638: the kid is the thumbprint of the key, so a different key never has the same kid.
  const members = JSON.stringify({ crv: 'P-256', kty: 'EC', x, y });
  const kid = createHash('sha256').update(members).digest('base64url');
  const publicKey: SigningJwk = { kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig', kid, x, y };
  return { privateKey: { ...publicKey, d }, publicKey };
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
