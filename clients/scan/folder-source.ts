/** Requests in a folder. Its files are uploaded and stay where they are, since other requests may name them, too. */
import { createHash, randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { lstat, mkdir, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { refusal } from '#contract/problem.ts';
import {
  type Drawer,
  drawerName,
  FULL_MARK,
  FULL_NOTE,
  isRequestName,
  type Look,
  type NamedFile,
  otherName,
  type Reason,
  type RequestFile,
  reasonName,
  type Source,
} from '../../functions/scan-sources/source.ts';

/** Sends a file to the service; answers the URL by which jobs name it. */
export type Upload = (content: Blob, filename: string) => Promise<string>;

/** One PUT to S3 takes no more. */
const MAX_FILE_BYTES = 5 * 2 ** 30;

/** What is there counts as settled once two looks in a row saw it with the same size, time and inode. */
export class FolderSource implements Source {
  readonly #root: string;
  readonly #upload: Upload;
  /** Versions by path, as the look before and this one saw them. */
  #before = new Map<string, string>();
  #now = new Map<string, string>();
  /** The very bytes that were hashed: reading fails if the file changes before they are sent. */
  readonly #contents = new Map<string, Blob>();

  /** `root` has no symbolic link in it: see `openFolder`. */
  constructor(root: string, upload: Upload) {
    this.#root = root;
    this.#upload = upload;
  }

  async look(): Promise<Look> {
    this.#before = this.#now;
    this.#now = new Map();
    this.#contents.clear();
    const entries = await readdir(this.#root, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    const seen = await Promise.all(names.filter(isRequestName).map((name) => this.#seen(name)));
    const there = seen.filter((request) => request !== undefined).sort(byName);
    const requests = there.filter(({ name, version }) => this.#isSettled(name, version));
    return { requests, unsettled: there.length - requests.length, isFull: names.includes(FULL_MARK) };
  }

  async read(request: RequestFile): Promise<Uint8Array | undefined> {
    try {
      const bytes = await readFile(this.#path(request.name));
      return (await versionAt(this.#path(request.name))) === request.version ? bytes : undefined;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw unreadable(request.name, error);
    }
  }

  async find(path: string): Promise<NamedFile | 'missing' | 'unsettled'> {
    try {
      const place = await this.#inside(path);
      const { size } = await lstat(place);
      const version = await versionAt(place);
      if (version === undefined) throw wrongFile(path, 'is no file');
      if (size > MAX_FILE_BYTES)
        throw wrongFile(path, `has ${size} bytes; at most ${MAX_FILE_BYTES} are taken`);
      if (!this.#isSettled(path, version)) return 'unsettled';
      const content = await openAsBlob(place);
      const hash = await hashOf(content);
      this.#contents.set(path, content);
      return { path, hash, sizeBytes: size };
    } catch (error) {
      if (isMissing(error)) return 'missing';
      if (isChanged(error)) return 'unsettled';
      throw unreadable(path, error);
    }
  }

  async publish({ path }: NamedFile): Promise<string> {
    const content = this.#contents.get(path);
    if (content === undefined) throw new Error(`file '${path}' was not found before it is published`);
    return this.#upload(content, basename(path));
  }

  async explain(request: RequestFile, reason: Reason): Promise<void> {
    const place = reasonName(await this.#placeOf(request, 'error'));
    const draft = join(dirname(place), `.${randomUUID()}.tmp`);
    await writeFile(draft, `${JSON.stringify(reason, undefined, 2)}\n`);
    await rename(draft, place);
  }

  async move(request: RequestFile, to: Drawer): Promise<void> {
    const from = this.#path(request.name);
    if ((await versionAt(from)) !== request.version) return;
    const place = await this.#placeOf(request, to);
    try {
      await rename(from, place);
    } catch (error) {
      if (isMissing(error)) return;
      throw error;
    }
    // In the moment between, another request may have come to lie under the name: it goes back among the others.
    if ((await versionAt(place)) === request.version) return;
    await rename(place, this.#path(otherName(drawerName(request.name), distinction(String(Date.now())))));
  }

  async markFull(): Promise<void> {
    await writeFile(this.#path(FULL_MARK), FULL_NOTE);
  }

  async unmarkFull(): Promise<void> {
    await rm(this.#path(FULL_MARK), { force: true });
  }

  async #seen(name: string): Promise<RequestFile | undefined> {
    const version = await versionAt(this.#path(name));
    return version === undefined ? undefined : { name, version, sizeBytes: Number.parseInt(version, 10) };
  }

  #isSettled(path: string, version: string): boolean {
    this.#now.set(path, version);
    return this.#before.get(path) === version;
  }

  #path(name: string): string {
    return join(this.#root, name);
  }

  /** Where the path leads in the end, however many links lie on the way. */
  async #inside(path: string): Promise<string> {
    const place = await realpath(this.#path(path));
    if (place.startsWith(this.#root.endsWith(sep) ? this.#root : this.#root + sep)) return place;
    throw wrongFile(path, 'is a link that leads out of the folder');
  }

  /** Where it lies in the end: beside another request of its name, not over it. */
  async #placeOf({ name, version }: RequestFile, drawer: Drawer): Promise<string> {
    const folder = this.#path(drawer);
    await mkdir(folder, { recursive: true });
    const place = join(folder, drawerName(name));
    const standing = await versionAt(place);
    if (standing === undefined || standing === version) return place;
    return join(folder, otherName(drawerName(name), distinction(version)));
  }
}

/** The folder without symbolic links; throws where there is none. */
export async function openFolder(folder: string): Promise<string> {
  const root = await realpath(folder);
  if ((await stat(root)).isDirectory()) return root;
  throw new Error(`'${folder}' is no folder`);
}

/** Size, time of change and inode; moving keeps them. `undefined` for what is no file, and no longer there. */
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

/** What will be the same tomorrow is told; anything else is tried again. */
function unreadable(path: string, error: unknown): unknown {
  const isLasting = ['EACCES', 'EPERM', 'ELOOP', 'ENAMETOOLONG', 'EISDIR'].includes(codeOf(error));
  return isLasting ? wrongFile(path, `cannot be read (${codeOf(error)})`) : error;
}

function wrongFile(path: string, why: string) {
  return refusal('invalid-request', `the file '${path}' ${why}; name a file that the scanner can read`);
}
