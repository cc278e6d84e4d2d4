/**
 * Source of request files: a folder, or a prefix of a bucket. Each method is one repeatable step. After a crash between
 * two steps, the next scan resumes.
 */
import { utf8Bytes } from '#core/units.ts';

/** Request file in a source. `version` changes whenever its content changes. */
export interface RequestFile {
  readonly name: string;
  readonly version: string;
  readonly sizeBytes: number;
}

export interface Listing {
  /** Sorted by name, so that numbered requests are processed in order. */
  readonly requests: readonly RequestFile[];
  /** Number of requests that are still being written. */
  readonly unsettled: number;
  /** True if the mark of `markFull` exists. */
  readonly isFull: boolean;
}

/** File that a request names. Equal hashes mean equal bytes. */
export interface NamedFile {
  /** Path relative to the requests, with `/` as separator. */
  readonly path: string;
  readonly hash: string;
  readonly sizeBytes: number;
}

export const PROCESSED_FOLDERS = ['finished', 'error'] as const;
/** Folder next to the requests, to which a processed request is moved. */
export type ProcessedFolder = (typeof PROCESSED_FOLDERS)[number];

/** Reason for a refusal, stored next to the request. */
export interface Reason {
  readonly request: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Problem code, listed in docs/reference/http-api.md. */
  readonly code: string;
  /** The error, the value received, and the allowed values. */
  readonly reason: string;
  readonly errors: readonly { readonly pointer?: string; readonly detail: string }[];
  readonly next: string;
}

export interface Source {
  list(): Promise<Listing>;
  /** Returns the content, or `undefined` if the request is gone or has changed. */
  read(request: RequestFile): Promise<Uint8Array | undefined>;
  /** Throws a refusal if the file cannot be read. */
  find(path: string): Promise<NamedFile | 'missing' | 'unsettled'>;
  /** Makes the file readable for jobs. Returns its URL for the job's body. */
  publish(file: NamedFile): Promise<string>;
  /** Stores the reason in the folder to which the request will be moved. */
  explain(request: RequestFile, reason: Reason): Promise<void>;
  /** Moves the request. Does nothing if it is gone or has changed. */
  move(request: RequestFile, to: ProcessedFolder): Promise<void>;
  /** Stops all scanners of this source until the partition has few unfinished jobs. */
  markFull(): Promise<void>;
  unmarkFull(): Promise<void>;
}

/** A job's body has at most 1 MiB. XML needs more bytes for the same content. */
export const MAX_REQUEST_BYTES = 4 * 1024 * 1024;

/** Begins with a dot, like all names that scanners ignore. */
export const FULL_MARK = '.full.json';
const REASON_ENDING = '.reason.json';

/** True if a file in the top folder of the source is a request. Scanners ignore all other files. */
export function isRequestName(name: string): boolean {
  return /\.(xml|json)$/i.test(name) && !name.startsWith('.') && !name.endsWith(REASON_ENDING);
}

/** File names can have 255 bytes, and S3 keys 1,024. Leaves space for a distinction and the suffix of a reason. */
const MAX_NAME_BYTES = 200;
const MAX_SHORTENED_LENGTH = 60;

/** Returns the name of a request in its processed folder: the name itself, or the end of a long one. */
export function processedName(name: string): string {
  return utf8Bytes(name) <= MAX_NAME_BYTES ? name : name.slice(-MAX_SHORTENED_LENGTH).toWellFormed();
}

export function reasonName(name: string): string {
  return `${name}${REASON_ENDING}`;
}

/** Returns a distinct name if another request in the processed folder has the same name. */
export function distinctName(name: string, distinction: string): string {
  const dot = name.lastIndexOf('.');
  return `${name.slice(0, dot)}.${distinction}${name.slice(dot)}`;
}

/** Content of the mark, for users who open it. */
export const FULL_NOTE = `${JSON.stringify({
  full: 'the partition has too many unfinished jobs; the scanner continues when there are fewer (docs/how-to/scan-a-folder.md)',
})}\n`;
