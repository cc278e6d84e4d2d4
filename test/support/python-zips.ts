/** Zip archives that Python's zipfile makes, and its reading of any archive. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPython } from '../../localstack/emulator/python.ts';

const MAKE = `
import json, sys, zipfile, zlib, struct
class Named(zipfile.ZipInfo):
    def _encodeFilenameFlags(self):
        return self.filename.encode(self.stored_as), self.flag_bits & ~0x800
for number, (encoding, has_path_field, names) in enumerate(json.load(sys.stdin)):
    with zipfile.ZipFile(f'{sys.argv[1]}/{number}.zip', 'w') as z:
        for name in names:
            info = Named('x')
            info.filename = name
            info.stored_as = encoding
            if has_path_field:
                stored = name.encode('ascii', 'replace')
                info.stored_as, info.filename = 'ascii', stored.decode()
                path = struct.pack('<BL', 1, zlib.crc32(stored)) + name.encode()
                info.extra = struct.pack('<HH', 0x7075, len(path)) + path
            z.writestr(info, name)
`;

const READ = `
import json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
print(json.dumps([[i.filename, z.read(i).decode()] for i in z.infolist()]))
`;

export interface NamedArchive {
  /** The encoding of the names by its Python name; no entry has the UTF-8 flag. */
  readonly encoding: string;
  /** True if the stored names are ASCII, and the Unicode path field has the real ones. */
  readonly hasPathField?: boolean;
  /** Each entry contains its own name. */
  readonly names: readonly string[];
}

export async function makeZips(archives: readonly NamedArchive[]): Promise<Buffer[]> {
  const input = archives.map(({ encoding, hasPathField = false, names }) => [encoding, hasPathField, names]);
  return inFolder(async (folder) => {
    execFileSync(await findPython(), ['-c', MAKE, folder], { input: JSON.stringify(input) });
    return archives.map((_, number) => readFileSync(join(folder, `${number}.zip`)));
  });
}

/** Returns names and texts of the entries as Python's zipfile reads them. */
export async function readByPython(zip: Uint8Array): Promise<[string, string][]> {
  return inFolder(async (folder) => {
    const path = join(folder, 'a.zip');
    writeFileSync(path, zip);
    return JSON.parse(execFileSync(await findPython(), ['-c', READ, path], { encoding: 'utf8' }));
  });
}

/** Packs files with the command `zip` or `7z`, if it is installed. */
export async function zipByCommand(
  command: 'zip' | '7z',
  files: Readonly<Record<string, string>>,
): Promise<Buffer | undefined> {
  const options = { zip: ['-q', '-r', 'a.zip', '.'], '7z': ['a', '-tzip', 'a.zip', '.'] }[command];
  return inFolder(async (folder) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    try {
      execFileSync(command, options, { cwd: folder, stdio: 'pipe' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    return readFileSync(join(folder, readdirSync(folder).find((name) => name === 'a.zip') ?? ''));
  });
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'jobtree-zips-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
