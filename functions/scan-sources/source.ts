/**
 * Where request files lie: a folder, or a prefix of a bucket. Each method is one step that may be repeated; a crash
 * between any two of them leaves something to go on from.
 */
import { utf8Bytes } from '#core/units.ts';

/** A request file as it was seen; `version` is another one whenever what is in it is. */
export interface RequestFile {
  readonly name: string;
  readonly version: string;
  readonly sizeBytes: number;
}

export interface Look {
  /** By name: whoever numbers requests has them taken in that order. */
  readonly requests: readonly RequestFile[];
  /** Requests that are still being written. */
  readonly unsettled: number;
  /** Whether the mark of `markFull` lies there. */
  readonly isFull: boolean;
}

/** A file that a request names; equal hashes mean equal bytes. */
export interface NamedFile {
  /** Below the place of the requests, with `/`. */
  readonly path: string;
  readonly hash: string;
  readonly sizeBytes: number;
}

export const DRAWERS = ['finished', 'error'] as const;
/** Where a request goes in the end: a folder beside the requests. */
export type Drawer = (typeof DRAWERS)[number];

/** Why a request was refused, as it lies beside the request. */
export interface Reason {
  readonly request: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Of docs/http-api.md. */
  readonly code: string;
  /** What was wrong, got and allowed. */
  readonly reason: string;
  readonly errors: readonly { readonly pointer?: string; readonly detail: string }[];
  readonly next: string;
}

export interface Source {
  look(): Promise<Look>;
  /** `undefined` if it is gone, or no longer the one that was seen. */
  read(request: RequestFile): Promise<Uint8Array | undefined>;
  /** Throws a refusal where the file may not be read. */
  find(path: string): Promise<NamedFile | 'missing' | 'unsettled'>;
  /** Makes the file readable for jobs; answers the URL by which they name it. */
  publish(file: NamedFile): Promise<string>;
  /** Lays the reason where the request will lie. */
  explain(request: RequestFile, reason: Reason): Promise<void>;
  /** Does nothing where the request is gone or has changed since it was seen. */
  move(request: RequestFile, to: Drawer): Promise<void>;
  /** From now on no request is taken, by whichever scanner, before the partition has few unfinished jobs. */
  markFull(): Promise<void>;
  unmarkFull(): Promise<void>;
}

/** Larger ones are no requests: the body of a job has 1 MiB at most, and XML says it in more words. */
export const MAX_REQUEST_BYTES = 4 * 1024 * 1024;

/** Begins with a dot, as all names that a scanner passes over. */
export const FULL_MARK = '.full.json';
const REASON_ENDING = '.reason.json';

/** Whether a file that lies right in the place of the requests is one; all others are left alone. */
export function isRequestName(name: string): boolean {
  return /\.(xml|json)$/i.test(name) && !name.startsWith('.') && !name.endsWith(REASON_ENDING);
}

/** File systems take 255 bytes, keys of S3 1,024: room for a distinction, and the ending of a reason. */
const MAX_NAME_BYTES = 200;
const SHORT_LENGTH = 60;

/** The name in its drawer: as it is, or the end of it. */
export function drawerName(name: string): string {
  return utf8Bytes(name) <= MAX_NAME_BYTES ? name : name.slice(-SHORT_LENGTH).toWellFormed();
}

export function reasonName(name: string): string {
  return `${name}${REASON_ENDING}`;
}

/** For a request that finds another one of its name in its drawer. */
export function otherName(name: string, distinction: string): string {
  const dot = name.lastIndexOf('.');
  return `${name.slice(0, dot)}.${distinction}${name.slice(dot)}`;
}

/** What the mark of `markFull` says to whoever looks. */
export const FULL_NOTE = `${JSON.stringify({
  full: 'too many jobs of the partition are unfinished; requests are taken again when they are fewer (docs/scanner.md)',
})}\n`;
