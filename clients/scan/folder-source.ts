/** Requests in a folder. Named files are uploaded but not moved, because other requests may name them too. */
import { createHash, randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { lstat, mkdir, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { refusal } from '#contract/problem.ts';
import {
  distinctName,
  FULL_MARK,
  FULL_NOTE,
  isRequestName,
  type Listing,
  type NamedFile,
  type ProcessedFolder,
  processedName,
  type Reason,
  type RequestFile,
  reasonName,
  type Source,
} from '../../functions/scan-sources/source.ts';

/** Uploads a file to the service. Returns its URL for the job's body. */
export type Upload = (content: Blob, filename: string) => Promise<string>;

/** Maximum size of one PUT to S3. */
const MAX_FILE_BYTES = 5 * 2 ** 30;

/** A file is settled when two consecutive scans see the same size, modification time and inode. */
export class FolderSource implements Source {
  readonly #root: string;
  readonly #upload: Upload;
  /** Versions by path, from the previous and the current scan. */
  #previousVersions = new Map<string, string>();
  #currentVersions = new Map<string, string>();
  /** The hashed content. Reading a blob fails if the file changes before the upload. */
  readonly #contents = new Map<string, Blob>();

  /** `root` must not contain symbolic links. Use `openFolder` to resolve them. */
  constructor(root: string, upload: Upload) {
    this.#root = root;
    this.#upload = upload;
  }

  async list(): Promise<Listing> {
    this.#previousVersions = this.#currentVersions;
    this.#currentVersions = new Map();
    this.#contents.clear();
    const entries = await readdir(this.#root, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    const candidates = await Promise.all(names.filter(isRequestName).map((name) => this.#requestFile(name)));
    const requestFiles = candidates.filter((request) => request !== undefined).sort(byName);
    const requests = requestFiles.filter(({ name, version }) => this.#isSettled(name, version));
    return { requests, unsettled: requestFiles.length - requests.length, isFull: names.includes(FULL_MARK) };
  }

  async read(request: RequestFile): Promise<Uint8Array | undefined> {
    try {
      const bytes = await readFile(this.#path(request.name));
      return (await versionAt(this.#path(request.name))) === request.version ? bytes : undefined;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw toRefusal(request.name, error);
    }
  }

  async find(path: string): Promise<NamedFile | 'missing' | 'unsettled'> {
    try {
      const target = await this.#inside(path);
      const { size } = await lstat(target);
      const version = await versionAt(target);
      if (version === undefined) throw fileRefusal(path, 'is not a file');
      if (size > MAX_FILE_BYTES) throw fileRefusal(path, `has ${size} bytes; the limit is ${MAX_FILE_BYTES}`);
      if (!this.#isSettled(path, version)) return 'unsettled';
      const content = await openAsBlob(target);
      const hash = await hashOf(content);
      this.#contents.set(path, content);
      return { path, hash, sizeBytes: size };
    } catch (error) {
      if (isMissing(error)) return 'missing';
      if (isChanged(error)) return 'unsettled';
      throw toRefusal(path, error);
    }
  }

  async publish({ path }: NamedFile): Promise<string> {
    const content = this.#contents.get(path);
    if (content === undefined) throw new Error(`file '${path}' must be found before it is published`);
    return this.#upload(content, basename(path));
  }

  async explain(request: RequestFile, reason: Reason): Promise<void> {
    const target = reasonName(await this.#targetOf(request, 'error'));
    const draft = join(dirname(target), `.${randomUUID()}.tmp`);
    await writeFile(draft, `${JSON.stringify(reason, undefined, 2)}\n`);
    await rename(draft, target);
  }

  async move(request: RequestFile, to: ProcessedFolder): Promise<void> {
    const from = this.#path(request.name);
    if ((await versionAt(from)) !== request.version) return;
    const target = await this.#targetOf(request, to);
    try {
      await rename(from, target);
    } catch (error) {
      if (isMissing(error)) return;
      throw error;
    }
    // Another request may have replaced it just before the rename: return that one to the requests.
    if ((await versionAt(target)) === request.version) return;
    await rename(
      target,
      this.#path(distinctName(processedName(request.name), distinction(String(Date.now())))),
    );
  }

  async markFull(): Promise<void> {
    await writeFile(this.#path(FULL_MARK), FULL_NOTE);
  }

  async unmarkFull(): Promise<void> {
    await rm(this.#path(FULL_MARK), { force: true });
  }

  async #requestFile(name: string): Promise<RequestFile | undefined> {
    const version = await versionAt(this.#path(name));
    return version === undefined ? undefined : { name, version, sizeBytes: Number.parseInt(version, 10) };
  }

  #isSettled(path: string, version: string): boolean {
    this.#currentVersions.set(path, version);
    return this.#previousVersions.get(path) === version;
  }

  #path(name: string): string {
    return join(this.#root, name);
  }

  /** Resolves all symbolic links of the path. Throws if it leads outside the folder. */
  async #inside(path: string): Promise<string> {
    const target = await realpath(this.#path(path));
    if (target.startsWith(this.#root.endsWith(sep) ? this.#root : this.#root + sep)) return target;
    throw fileRefusal(path, 'is a link that leads outside the folder');
  }

  /** Returns the final path of the request. Adds a distinction if another request already has the name. */
  async #targetOf({ name, version }: RequestFile, folderName: ProcessedFolder): Promise<string> {
    const folder = this.#path(folderName);
    await mkdir(folder, { recursive: true });
    const target = join(folder, processedName(name));
    const existingVersion = await versionAt(target);
    if (existingVersion === undefined || existingVersion === version) return target;
    return join(folder, distinctName(processedName(name), distinction(version)));
  }
}

/** Returns the folder's path without symbolic links. Throws if it is not a folder. */
export async function openFolder(folder: string): Promise<string> {
  const root = await realpath(folder);
  if ((await stat(root)).isDirectory()) return root;
  throw new Error(`'${folder}' is not a folder`);
}

/** Returns size, modification time and inode, which a move preserves, or `undefined` if the file does not exist. */
async function versionAt(path: string): Promise<string | undefined> {
  try {
    const stats = await lstat(path, { bigint: true });
    return stats.isFile() ? `${stats.size}-${stats.mtimeNs}-${stats.ino}` : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function hashOf(content: Blob): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of content.stream()) hash.update(piece);
  return hash.digest('hex');
}

function distinction(version: string): string {
  return createHash('sha256').update(version).digest('hex').slice(0, 12);
}

function byName(one: RequestFile, other: RequestFile): number {
  return one.name < other.name ? -1 : 1;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(codeOf(error));
}

function isChanged(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'NotReadableError';
}

/** Returns a refusal for a permanent error. Any other error is returned unchanged and leads to a retry. */
function toRefusal(path: string, error: unknown): unknown {
  const isPermanent = ['EACCES', 'EPERM', 'ELOOP', 'ENAMETOOLONG', 'EISDIR'].includes(codeOf(error));
  return isPermanent ? fileRefusal(path, `cannot be read (${codeOf(error)})`) : error;
}

function fileRefusal(path: string, why: string) {
  return refusal('invalid-request', `the file '${path}' ${why}; name a file that the scanner can read`);
}
