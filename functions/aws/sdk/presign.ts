import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { BucketName, ObjectKey } from '#core/object-address.ts';

/** Limited, because everyone who sees a signed URL can use it. */
export const MAX_SIGNED_SECONDS = 15 * 60;

export interface Signing {
  readonly bucket: BucketName;
  readonly key: ObjectKey;
  /** At most 900. @default 900 */
  readonly expiresSeconds?: number;
}

export interface SignedUpload extends Signing {
  readonly contentType: string;
  readonly sizeBytes: number;
}

/** The signature covers type and size: S3 refuses an upload of another type, or with more or fewer bytes. */
export async function presignPut(client: S3Client, target: SignedUpload): Promise<string> {
  const { bucket, key, contentType, sizeBytes } = target;
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: key,
    ContentType: contentType,
    ContentLength: sizeBytes,
  });
  return getSignedUrl(client, command, {
    expiresIn: secondsOf(target),
    // The value of an unsigned header could be anything.
    signableHeaders: new Set(['content-length', 'content-type', 'host']),
  });
}

/** Always a download: a user's page must not run under the address of the bucket. */
export async function presignGet(client: S3Client, source: Signing & { filename?: string }): Promise<string> {
  const { bucket, key, filename = key.slice(key.lastIndexOf('/') + 1) } = source;
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: key,
    ResponseContentDisposition: attachmentHeader(filename),
  });
  return getSignedUrl(client, command, { expiresIn: secondsOf(source) });
}

function secondsOf({ expiresSeconds = MAX_SIGNED_SECONDS }: Signing): number {
  if (expiresSeconds >= 1 && expiresSeconds <= MAX_SIGNED_SECONDS) return expiresSeconds;
  throw new RangeError(
    `a signed URL cannot be valid for ${expiresSeconds} s; 1 to ${MAX_SIGNED_SECONDS} s are allowed`,
  );
}

/** RFC 6266: the name in ASCII for old clients, and the full name. */
function attachmentHeader(name: string): string {
  // A worker may return half of a surrogate pair.
  const filename = name.toWellFormed();
  const ascii = filename.replace(/[^\w.-]/g, '_');
  const full = encodeURIComponent(filename).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${full}`;
}
