import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync } from 'esbuild';
import type { PackageFile } from '../functions/workers/documents/package-files.ts';

const PROJECT_ROOT = fileURLToPath(new URL('..', import.meta.url));

/** An entry of the project itself, wherever the app that uses its constructs lies. */
export function projectFile(path: string): string {
  return join(PROJECT_ROOT, path);
}

/** A file, or source made at synth, whose imports are absolute. */
export type BundleEntry = string | { readonly source: string };

export interface BundleProps {
  readonly entry: BundleEntry;
  /** JSON files that lie beside the code, by name. */
  readonly files?: Readonly<Record<string, unknown>>;
  /** Entries of processes that the code starts: bundles beside it, by name. */
  readonly processes?: Readonly<Record<string, string>>;
  /** Files of dependencies that lie beside the code as they are. */
  readonly packageFiles?: readonly PackageFile[];
}

export interface Bundle {
  readonly directory: string;
  readonly sizeBytes: number;
  /** The files that it is made of, by their paths in the project. */
  readonly sources: readonly string[];
}

interface BundledCode {
  readonly code: Uint8Array;
  readonly sources: readonly string[];
}

// Some dependencies are CommonJS inside; esbuild leaves their `require` of Node's own modules as it is.
const REQUIRE_SHIM =
  "import{createRequire as jobtreeRequire}from'node:module';const require=jobtreeRequire(import.meta.url);";

const OPTIONS = {
  bundle: true,
  write: false,
  metafile: true,
  absWorkingDir: PROJECT_ROOT,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  // esbuild would prefer `main` on this platform: CommonJS, of which nothing can be left out.
  mainFields: ['module', 'main'],
  minify: true,
  legalComments: 'none',
  banner: { js: REQUIRE_SHIM },
  // What is wrong stands in the error that it throws.
  logLevel: 'silent',
} as const satisfies BuildOptions;

// One synth bundles an entry once, however many stacks or functions use it.
const bundled = new Map<string, BundledCode>();

/** Bundles a function into one ESM file below `outdir`, in a folder that is named after what is in it. */
export function bundle(outdir: string, props: BundleProps): Bundle {
  const { entry, files = {}, processes = {}, packageFiles = [] } = props;
  const { code, sources } = bundledCode(entry);
  const contents = new Map<string, string | Uint8Array>([['index.mjs', code]]);
  for (const [name, value] of Object.entries(files)) contents.set(name, JSON.stringify(value));
  for (const [name, path] of Object.entries(processes)) contents.set(name, bundledCode(path).code);
  for (const { name, inPackage } of packageFiles)
    contents.set(name, readFileSync(createRequire(import.meta.url).resolve(inPackage)));
  const directory = join(outdir, 'bundles', hashOf(contents));
  mkdirSync(directory, { recursive: true });
  for (const [name, content] of contents) writeFileSync(join(directory, name), content);
  return { directory, sizeBytes: code.byteLength, sources };
}

function bundledCode(entry: BundleEntry): BundledCode {
  const key = JSON.stringify(entry);
  if (!bundled.has(key)) {
    if (typeof entry === 'string') bundleFiles(together(entry));
    else bundleSource(key, entry.source);
  }
  const known = bundled.get(key);
  if (known === undefined) throw new Error(`esbuild made nothing of ${key}`);
  return known;
}

/** The handlers of the project share most of what they import: bundled at once, each file is read once. */
function together(entry: string): string[] {
  const functions = projectFile('functions');
  const handlers = readdirSync(functions, { recursive: true, encoding: 'utf8' })
    .filter((path) => basename(path) === 'handler.ts')
    .map((path) => join(functions, path));
  return handlers.includes(entry) ? handlers : [entry];
}

function bundleFiles(entries: readonly string[]): void {
  const entryPoints = entries.map((entry, position) => ({ in: entry, out: String(position) }));
  for (const [name, code] of built({ entryPoints, outdir: '.' })) {
    bundled.set(JSON.stringify(entries[Number.parseInt(name, 10)]), code);
  }
}

function bundleSource(key: string, source: string): void {
  const stdin = { contents: source, loader: 'ts', resolveDir: PROJECT_ROOT, sourcefile: 'entry.ts' } as const;
  for (const [, code] of built({ stdin, outfile: 'entry.js' })) bundled.set(key, code);
}

/** What esbuild makes, by the names of the files that it would have written. */
function built(options: BuildOptions): [string, BundledCode][] {
  const { outputFiles, metafile } = buildSync({ ...OPTIONS, ...options } as typeof OPTIONS);
  return outputFiles.map(({ path, contents }) => {
    const name = basename(path);
    return [name, { code: contents, sources: Object.keys(metafile.outputs[name]?.inputs ?? {}) }];
  });
}

function hashOf(contents: ReadonlyMap<string, string | Uint8Array>): string {
  const hash = createHash('sha256');
  for (const [name, content] of contents) hash.update(`${name}\0${content.length}\0`).update(content);
  return hash.digest('hex').slice(0, 32);
}
