/**
 * Signature Version 4 in headers, for requests without a query. The path must be encoded as it is sent, and is not
 * encoded again: S3 signs it so, and the other services here only use `/`.
 */
import { createHash, createHmac } from 'node:crypto';
import type { Credentials } from '../calls.ts';

export interface Scope {
  /** Name of the service in signatures. */
  readonly service: string;
  readonly region: string;
}

export interface Unsigned {
  readonly method: string;
  readonly path: string;
  /** By lower-case name, with `host`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
/** S3 requires the hash of the body as a header too. */
const HASH_HEADER = 'x-amz-content-sha256';

/** Returns the headers with the signature. */
export function sign(
  { method, path, headers, body }: Unsigned,
  credentials: Credentials,
  { service, region }: Scope,
  now: Date,
): Record<string, string> {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const day = time.slice(0, 8);
  const bodyHash = sha256(body);
  const signed: Record<string, string> = { ...headers, 'x-amz-date': time };
  if (credentials.sessionToken !== undefined) signed['x-amz-security-token'] = credentials.sessionToken;
  if (service === 's3') signed[HASH_HEADER] = bodyHash;
  const names = Object.keys(signed).sort();
  const lines = names.map((name) => `${name}:${signed[name]?.trim().replace(/\s+/g, ' ')}`);
  const request = [method, path, '', ...lines, '', names.join(';'), bodyHash].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = [ALGORITHM, time, scope, sha256(request)].join('\n');
  const key = signingKey(credentials.secretAccessKey, [day, region, service]);
  const signature = createHmac('sha256', key).update(text).digest('hex');
  const credential = `${credentials.accessKeyId}/${scope}`;
  return {
    ...signed,
    authorization: `${ALGORITHM} Credential=${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  };
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Keys of one day. A function uses one set of credentials and a few services, and one set for each partition. */
const MAX_KEYS = 200;
const keys = new Map<string, Buffer>();

function signingKey(secret: string, scope: readonly string[]): Buffer {
  const name = [secret, ...scope].join('\n');
  const cached = keys.get(name);
  if (cached !== undefined) return cached;
  const key = [...scope, 'aws4_request'].reduce<string | Buffer>(
    (derived, part) => createHmac('sha256', derived).update(part).digest(),
    `AWS4${secret}`,
  ) as Buffer;
  if (keys.size >= MAX_KEYS) keys.clear();
  keys.set(name, key);
  return key;
}
