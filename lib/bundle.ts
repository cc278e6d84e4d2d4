import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { PackageFile } from '../functions/workers/documents/package-files.ts';
import {
  type BundledCode,
  bundleFile,
  bundleSource,
  bundleTogether,
  ENTRY_FILE,
  SDK_FILE,
} from './esbuild.ts';
import { builtFunction, IS_PACKAGE, ownEntries } from './own-code.ts';

/** A function of jobtree by name, a file, or source generated at synth, whose imports are absolute. */
export type BundleEntry = { readonly own: string } | { readonly file: string } | { readonly source: string };

export interface BundleProps {
  readonly entry: BundleEntry;
  /** JSON files next to the code, by name. */
  readonly files?: Readonly<Record<string, unknown>>;
  /** Processes that the code starts: bundles next to it, by name. */
  readonly processes?: Readonly<Record<string, BundleEntry>>;
  /** Files of dependencies that are copied next to the code. */
  readonly packageFiles?: readonly PackageFile[];
  /** Other files, by their paths below the folder of the code. */
  readonly otherFiles?: ReadonlyMap<string, Uint8Array>;
}

export interface Bundle {
  readonly directory: string;
}

// An entry is bundled once per synth, even if several stacks or functions use it.
const bundled = new Map<string, BundledCode>();

/** Bundles a function into ESM files below `outdir`. The name of its folder is a hash of the contents. */
export function bundle(outdir: string, props: BundleProps): Bundle {
  const { entry, files = {}, processes = {}, packageFiles = [], otherFiles = new Map() } = props;
  const contents = new Map<string, string | Uint8Array>();
  addCode(contents, ENTRY_FILE, entry);
  for (const [name, process] of Object.entries(processes)) addCode(contents, name, process);
  if ([...contents.values()].some(loadsSdk)) addCode(contents, SDK_FILE, { own: 'aws-sdk' });
  for (const [name, value] of Object.entries(files)) contents.set(name, JSON.stringify(value));
  for (const { name, modulePath: inPackage } of packageFiles)
    contents.set(name, readFileSync(createRequire(import.meta.url).resolve(inPackage)));
  for (const [path, content] of otherFiles) contents.set(path, content);
  const directory = join(outdir, 'bundles', hashOf(contents));
  for (const [path, content] of contents) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  return { directory };
}

/** Adds the code of an entry under a name. The names of its chunks contain a hash of their content. */
function addCode(contents: Map<string, string | Uint8Array>, name: string, entry: BundleEntry): void {
  for (const [file, code] of bundledCode(entry).files) contents.set(file === ENTRY_FILE ? name : file, code);
}

function loadsSdk(code: string | Uint8Array): boolean {
  return Buffer.from(code).includes(`./${SDK_FILE}`);
}

/** Returns the code of an entry; without its sources if the package includes the bundle. */
export function bundledCode(entry: BundleEntry): BundledCode {
  const key = JSON.stringify(entry);
  if (!bundled.has(key)) {
    if ('file' in entry) bundled.set(key, bundleFile(entry.file));
    else if ('source' in entry) bundled.set(key, bundleSource(entry.source));
    else if (IS_PACKAGE) bundled.set(key, builtCode(entry.own));
    else for (const [own, code] of bundleTogether(ownEntries())) bundled.set(JSON.stringify({ own }), code);
  }
  const code = bundled.get(key);
  if (code === undefined) throw new Error(`jobtree has no function '${key}'`);
  return code;
}

function builtCode(name: string): BundledCode {
  const folder = builtFunction(name);
  const files = new Map(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file))]));
  return { files, startFiles: [ENTRY_FILE], sources: [], startSources: [] };
}

function hashOf(contents: ReadonlyMap<string, string | Uint8Array>): string {
  const hash = createHash('sha256');
  for (const [name, content] of contents) hash.update(`${name}\0${content.length}\0`).update(content);
  return hash.digest('hex').slice(0, 32);
}
