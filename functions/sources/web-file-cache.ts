import { createHash } from 'node:crypto';
import { BoundedMap } from '#core/bounded-map.ts';

/** Equals the number of batches that one instance splits at the same time. */
const MAX_FILES = 4;

const HASH_PREFIX = 'sha256:';

/**
 * Files from servers without byte ranges. Each was read whole, and its hash is its etag. Readers request the ranges of
 * such a file one after the other, so the server receives one request.
 */
export class WebFileCache {
  readonly #files = new BoundedMap<string, Uint8Array>(MAX_FILES);

  get(url: string, etag: string | undefined): Uint8Array | undefined {
    return this.#files.get(keyOf(url, etag));
  }

  /** Returns the etag of the file. The oldest file is dropped when there are more than four. */
  add(url: string, bytes: Uint8Array): string {
    const etag = `${HASH_PREFIX}${createHash('sha256').update(bytes).digest('hex')}`;
    this.#files.setNewest(keyOf(url, etag), bytes);
    return etag;
  }
}

/** True if the etag is a hash of the whole file, not a validator from the server. */
export function isHashEtag(etag: string | undefined): boolean {
  return etag?.startsWith(HASH_PREFIX) === true;
}

function keyOf(url: string, etag = ''): string {
  return JSON.stringify([url, etag]);
}
