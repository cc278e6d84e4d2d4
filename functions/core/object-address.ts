/**
 * Names of buckets and keys of objects, parsed once. Every reader accepts only these types, so that user
 * input cannot reach S3 unchecked: the SDK and HTTP clients normalize paths, and a bucket named `.` would
 * select another bucket.
 */
import { PermanentFailure } from './errors.ts';
import { utf8Bytes } from './units.ts';

declare const bucketBrand: unique symbol;
declare const prefixBrand: unique symbol;
declare const keyBrand: unique symbol;

/** Name of a general-purpose S3 bucket. */
export type BucketName = string & { readonly [bucketBrand]: true };

/** Prefix of object keys; may be empty. */
export type ObjectPrefix = string & { readonly [prefixBrand]: true };

/** The key of an object. */
export type ObjectKey = ObjectPrefix & { readonly [keyBrand]: true };

/** The location of an object; without a bucket, in the bucket of the stack. */
export interface ObjectAddress {
  readonly bucket?: BucketName;
  readonly key: ObjectKey;
}

/** The location of all objects whose keys begin with a prefix. */
export interface PrefixAddress {
  readonly bucket?: BucketName;
  readonly key: ObjectPrefix;
}

const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const IP_ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;

/** Reserved for access points, directory buckets and table buckets. */
const RESERVED_PREFIXES = ['xn--', 'sthree-', 'amzn-s3-demo-'];
const RESERVED_SUFFIXES = ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3'];

const MAX_KEY_BYTES = 1024;
const MAX_SHOWN = 100;

/** Returns why the string is not a bucket name; `undefined` if it is one. */
export function bucketNameProblem(text: string): string | undefined {
  if (!BUCKET_NAME.test(text)) {
    return 'a bucket name has 3 to 63 characters of a-z, 0-9, . and -, and begins and ends with a letter or digit';
  }
  if (text.includes('..')) return 'a bucket name must not contain two consecutive dots';
  if (IP_ADDRESS.test(text)) return 'a bucket name must not be an IP address';
  const prefix = RESERVED_PREFIXES.find((reserved) => text.startsWith(reserved));
  if (prefix !== undefined) return `S3 reserves names that begin with ${prefix}`;
  const suffix = RESERVED_SUFFIXES.find((reserved) => text.endsWith(reserved));
  if (suffix !== undefined)
    return `S3 reserves names that end with ${suffix}; access points are not supported`;
  return undefined;
}

/** URL parsers also accept percent-encoded dots, and a backslash for a slash. */
const DOT_SEGMENT = /(^|[/\\])(\.|%2e){1,2}([/\\]|$)/i;

/** Returns why the string is not a prefix of keys; `undefined` if it is one. */
export function objectPrefixProblem(text: string): string | undefined {
  if (utf8Bytes(text) > MAX_KEY_BYTES) return `a key has at most ${MAX_KEY_BYTES} bytes of UTF-8`;
  if (!text.isWellFormed()) return 'a key must be valid Unicode';
  if (/\p{Cc}/u.test(text)) return 'a key must not contain control characters';
  if (DOT_SEGMENT.test(text)) return 'no segment of a key may be . or ..';
  return undefined;
}

/** Returns why the string is not an object key; `undefined` if it is one. */
export function objectKeyProblem(text: string): string | undefined {
  return text === '' ? 'a key must not be empty' : objectPrefixProblem(text);
}

export function parseBucketName(text: string): BucketName {
  return requireValid('bucket', text, bucketNameProblem(text)) as BucketName;
}

export function parseObjectPrefix(text: string): ObjectPrefix {
  return requireValid('prefix', text, objectPrefixProblem(text)) as ObjectPrefix;
}

export function parseObjectKey(text: string): ObjectKey {
  return requireValid('key', text, objectKeyProblem(text)) as ObjectKey;
}

function requireValid(what: string, text: string, problem: string | undefined): string {
  if (problem === undefined) return text;
  throw new PermanentFailure('source-forbidden', `${what} '${printable(text)}' is not accepted: ${problem}`);
}

function printable(text: string): string {
  const short = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
  return short.toWellFormed().replaceAll(/\p{Cc}/gu, '\u{FFFD}');
}
