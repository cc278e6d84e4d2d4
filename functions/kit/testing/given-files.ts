/** The files, the web and the log of a unit test, all in memory. */

import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseJson } from '#core/json/parse-json.ts';
import { parseBucketName, parseObjectKey } from '#core/object-address.ts';
import {
  type Clock,
  type Log,
  type Web,
  WebForbidden,
  type WebRequest,
  type WebResponse,
} from '#core/ports.ts';
import type { ReadingPorts } from '../../sources/readable-objects.ts';
import { sourceCaches } from '../../sources/source-caches.ts';
import { uploadKey } from '../../store/object-keys.ts';
import { MemoryObjects } from './memory-objects.ts';

/**
 * Files that the code under test can read, by the name that it reads them by: `upload:<id>`, `s3://bucket/key`,
 * `https://…`, or a key in the bucket of the service such as `data/demo/letter.txt`.
 */
export type GivenFiles = Readonly<Record<string, string | Uint8Array>>;

export interface GivenWorld {
  /** @default no files */
  readonly files?: GivenFiles;
  /** Responds to web requests. @default - only the `https://…` entries of `files` */
  readonly web?: Web;
  /** @default 'demo' */
  readonly partition?: string;
  /** @default 'unit-test' */
  readonly job?: string;
}

export const systemTime: Clock = { now: () => Date.now(), sleep: (millis) => sleep(millis) };

export const silentLog: Log = { info: () => undefined, warn: () => undefined, alarm: () => undefined };

/** Name of the bucket of the service. */
const OWN_BUCKET = parseBucketName('jobtree');

const IS_WEB = /^https?:\/\//i;
const S3_ADDRESS = /^s3:\/\/([^/]+)\/(.+)$/s;

/** Returns the ports of readers. Every bucket in the names of the given files is one of `readBuckets`. */
export function readingPortsOf(files: GivenFiles, objects: MemoryObjects): ReadingPorts {
  const buckets = Object.keys(files).flatMap((name) => S3_ADDRESS.exec(name)?.[1] ?? []);
  return {
    objectsFor: () => objects,
    caches: sourceCaches(),
    bucket: OWN_BUCKET,
    readBuckets: [...new Set(buckets)].filter((name) => name !== OWN_BUCKET).map(parseBucketName),
  };
}

export async function objectsOf(files: GivenFiles, partition: string): Promise<MemoryObjects> {
  const objects = new MemoryObjects();
  for (const [name, body] of Object.entries(files)) {
    const [, bucket, key = ''] = S3_ADDRESS.exec(name) ?? [];
    if (name.startsWith('upload:'))
      await objects.put(uploadKey(partition, name.slice('upload:'.length)), body);
    else if (bucket === OWN_BUCKET) await objects.put(parseObjectKey(key), body);
    else if (bucket !== undefined) objects.fill(bucket, key, body);
    else if (!IS_WEB.test(name)) await objects.put(parseObjectKey(name), body);
  }
  return objects;
}

/** Returns a server for the given `https://…` files. It supports byte ranges, which large files need. */
export function webOf(files: GivenFiles): Web {
  return {
    async send(request) {
      const body = files[request.url];
      if (IS_WEB.test(request.url) && body !== undefined) return answered(request, Buffer.from(body));
      throw new WebForbidden(
        `the test has no file for ${request.url}. Add it to \`files\`, or pass a \`web\` that responds to it.`,
      );
    },
  };
}

function answered({ headers = {} }: WebRequest, whole: Buffer): WebResponse {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers['range'] ?? '') ?? [];
  const etag = `"${createHash('sha256').update(whole).digest('hex')}"`;
  if (first === undefined || last === undefined)
    return answerOf(200, whole, { etag, 'content-length': String(whole.length) });
  const bytes = whole.subarray(Number(first), Number(last) + 1);
  if (bytes.length === 0) return answerOf(416, bytes, {});
  const range = `bytes ${first}-${Number(first) + bytes.length - 1}/${whole.length}`;
  return answerOf(206, bytes, { etag, 'content-range': range, 'content-length': String(bytes.length) });
}

function answerOf(status: number, bytes: Uint8Array, headers: Record<string, string>): WebResponse {
  async function* body() {
    yield bytes;
  }
  return { status, headers, body: body(), close: () => undefined };
}

/** Returns the value as it arrives in a JSON message. */
export function asJson<T>(value: T): T {
  return value === undefined ? value : (parseJson(JSON.stringify(value)) as T);
}
