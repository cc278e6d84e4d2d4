import { createHash } from 'node:crypto';
import { type ListedObject, ObjectChanged, type ObjectInfo, type Objects } from '#core/ports.ts';
import { utf8Bytes } from '#core/units.ts';
import { SortedList } from './sorted-list.ts';
import { compareUtf8 } from './utf8.ts';

interface StoredObject {
  readonly key: string;
  readonly body: Uint8Array;
  readonly modifiedTime: number;
  /** Computed on first use, because most objects are only written. */
  etag?: string;
}

const OWN_BUCKET = 'own';
const MAX_KEY_BYTES = 1024;
const MAX_LISTED = 1000;
const END_OF_PREFIX = '\u{10FFFF}';

const encoder = new TextEncoder();

/** Address of an object. Unlike the port, this adapter for tests also accepts plain strings. */
interface Place {
  readonly bucket?: string;
  readonly key: string;
}

/** S3 in memory: the bucket of the stack, and others that `fill` creates. */
export class MemoryObjects implements Objects {
  readonly #buckets = new Map<string, Bucket>([[OWN_BUCKET, new Bucket()]]);
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  async put(key: string, body: string | Uint8Array, _options?: { contentType?: string }): Promise<void> {
    this.#bucket().put(this.#stored(key, body));
  }

  async putIfAbsent(
    key: string,
    body: string | Uint8Array,
    _options?: { contentType?: string },
  ): Promise<'written' | 'exists'> {
    if (this.#bucket().find(key) !== undefined) return 'exists';
    this.#bucket().put(this.#stored(key, body));
    return 'written';
  }

  async putStream(
    key: string,
    body: AsyncIterable<Uint8Array>,
  ): Promise<{ sizeBytes: number; requests: number }> {
    const all: Uint8Array[] = [];
    for await (const bytes of body) all.push(bytes.slice());
    const whole = Buffer.concat(all);
    this.#bucket().put(this.#stored(key, whole));
    return { sizeBytes: whole.length, requests: 1 };
  }

  async get(
    { bucket, key }: Place,
    range?: { from: number; to: number; etag?: string },
  ): Promise<Uint8Array | undefined> {
    const object = this.#bucket(bucket).find(key);
    if (object === undefined) return undefined;
    if (range?.etag !== undefined && etagOf(object) !== range.etag) {
      throw new ObjectChanged(`object '${key}' is no longer the one with etag ${range.etag}`);
    }
    return range === undefined
      ? object.body.slice()
      : object.body.slice(range.from, Math.max(range.from, range.to));
  }

  async describe({ bucket, key }: Place): Promise<ObjectInfo | undefined> {
    const object = this.#bucket(bucket).find(key);
    return object === undefined ? undefined : infoOf(object);
  }

  async list(
    prefix: string,
    options: { bucket?: string; after?: string; limit?: number; delimiter?: '/' } = {},
  ): Promise<{ objects: readonly ListedObject[]; next?: string }> {
    const { bucket, after = '', limit = MAX_LISTED, delimiter } = options;
    const objects: ListedObject[] = [];
    let last = '';
    let entries = 0;
    for (const object of this.#bucket(bucket).walk(prefix, after)) {
      // S3 groups all keys of a folder, and counts the folder as one entry.
      if (entries > 0 && last.endsWith(END_OF_PREFIX) && compareUtf8(object.key, last) < 0) continue;
      if (entries === Math.min(limit, MAX_LISTED)) return { objects, next: last };
      const end = delimiter === undefined ? -1 : object.key.indexOf(delimiter, prefix.length);
      if (end === -1) objects.push({ ...infoOf(object), modifiedTime: object.modifiedTime });
      last = end === -1 ? object.key : `${object.key.slice(0, end + 1)}${END_OF_PREFIX}`;
      entries += 1;
    }
    return { objects };
  }

  async delete(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.#bucket().remove(key);
  }

  /** Stores an object in another bucket than that of the stack. */
  fill(bucket: string, key: string, body: string | Uint8Array): void {
    const to = this.#buckets.get(bucket) ?? new Bucket();
    this.#buckets.set(bucket, to);
    to.put(this.#stored(key, body));
  }

  /** Returns all keys of the bucket of the stack, sorted, for assertions. */
  keys(): string[] {
    return [...this.#bucket().walk('', '')].map(({ key }) => key);
  }

  #stored(key: string, body: string | Uint8Array): StoredObject {
    if (key === '' || utf8Bytes(key) > MAX_KEY_BYTES)
      throw new Error(`key '${key}' must have 1 to ${MAX_KEY_BYTES} bytes`);
    const bytes = typeof body === 'string' ? encoder.encode(body) : new Uint8Array(body);
    return { key, body: bytes, modifiedTime: this.#now() };
  }

  #bucket(name = OWN_BUCKET): Bucket {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) throw new Error(`bucket '${name}' does not exist`);
    return bucket;
  }
}

class Bucket {
  readonly #objects = new Map<string, StoredObject>();
  readonly #keys = new SortedList<string>();

  find(key: string): StoredObject | undefined {
    return this.#objects.get(key);
  }

  put(object: StoredObject): void {
    if (!this.#objects.has(object.key)) this.#keys.insert(this.#position(object.key), object.key);
    this.#objects.set(object.key, object);
  }

  remove(key: string): void {
    if (this.#objects.delete(key)) this.#keys.remove(this.#position(key));
  }

  *walk(prefix: string, after: string): Generator<StoredObject> {
    const behind = this.#keys.first((key) => compareUtf8(key, after) > 0);
    for (let i = Math.max(behind, this.#position(prefix)); i < this.#keys.length; i += 1) {
      const object = this.#objects.get(this.#keys.at(i) ?? '');
      if (object === undefined || !object.key.startsWith(prefix)) return;
      yield object;
    }
  }

  #position(key: string): number {
    return this.#keys.first((other) => compareUtf8(other, key) >= 0);
  }
}

function infoOf(object: StoredObject): ObjectInfo {
  return { key: object.key, sizeBytes: object.body.length, etag: etagOf(object) };
}

function etagOf(object: StoredObject): string {
  object.etag ??= `"${createHash('md5').update(object.body).digest('hex')}"`;
  return object.etag;
}
