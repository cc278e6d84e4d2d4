/** Bundles code for functions with esbuild: a minified ESM file, and chunks that it loads when it needs them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type BuildFailure, type BuildOptions, buildSync, type Metafile } from 'esbuild';
import { KIT_MODULE, type OwnEntry, projectFile } from './own-code.ts';

export interface BundledCode {
  /** Files by name. Their entry is `index.mjs`. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Names of the files that are loaded when the entry is. */
  readonly startFiles: readonly string[];
  /** Source files of the bundle, by their paths in the project, and those of `startFiles`. */
  readonly sources: readonly string[];
  readonly startSources: readonly string[];
}

export const ENTRY_FILE = 'index.mjs';
/** File with the code that functions import as `#aws-sdk`. It is bundled once for all of them. */
export const SDK_FILE = 'aws-sdk.mjs';

// Some dependencies contain CommonJS. esbuild keeps their `require` calls for Node's built-in modules.
const REQUIRE_SHIM =
  "import{createRequire as jobtreeRequire}from'node:module';const require=jobtreeRequire(import.meta.url);";

const OPTIONS = {
  bundle: true,
  write: false,
  metafile: true,
  absWorkingDir: projectFile(''),
  // Users' code gets the kit of these constructs, even if another copy of jobtree is closer in node_modules.
  alias: { 'jobtree/worker': KIT_MODULE, '#aws-sdk': `./${SDK_FILE}` },
  external: [`./${SDK_FILE}`],
  format: 'esm',
  platform: 'node',
  target: 'node24',
  // By default, esbuild prefers `main` on this platform: CommonJS, which cannot be tree-shaken.
  mainFields: ['module', 'main'],
  // Some of these dependencies read files beside them, at least if other code did not provide them.
  define: { __dirname: 'import.meta.dirname' },
  minify: true,
  legalComments: 'none',
  banner: { js: REQUIRE_SHIM },
  outdir: '.',
  outExtension: { '.js': '.mjs' },
  // The thrown error contains the messages.
  logLevel: 'silent',
} as const satisfies BuildOptions;

export function bundleFile(file: string): BundledCode {
  return bundleSplit({ entryPoints: [file] });
}

/** Bundles source whose imports are absolute paths. */
export function bundleSource(source: string): BundledCode {
  return bundleSplit({
    stdin: { contents: source, loader: 'ts', resolveDir: projectFile(''), sourcefile: 'entry.ts' },
  });
}

/** Makes a chunk of each module that the entry imports dynamically. */
function bundleSplit(entry: BuildOptions): BundledCode {
  const { outputFiles, metafile } = buildWithReason({ ...entry, entryNames: 'index', splitting: true });
  const { inputs, outputs } = metafile;
  const startFiles = [...startFilesOf(ENTRY_FILE, outputs)];
  return {
    files: new Map(outputFiles.map(({ path, contents }) => [basename(path), contents])),
    startFiles,
    sources: Object.keys(inputs),
    startSources: startFiles.flatMap((file) => usedInputs(outputs[file]?.inputs)),
  };
}

/** Tree shaking may leave nothing of a file. */
function usedInputs(inputs: Metafile['outputs'][string]['inputs'] = {}): string[] {
  return Object.keys(inputs).filter((path) => (inputs[path]?.bytesInOutput ?? 0) > 0);
}

function startFilesOf(
  file: string,
  outputs: Metafile['outputs'],
  found = new Set<string>(),
): ReadonlySet<string> {
  const output = outputs[file];
  if (output === undefined || found.has(file)) return found;
  found.add(file);
  for (const { kind, path } of output.imports) {
    if (kind === 'import-statement') startFilesOf(path, outputs, found);
  }
  return found;
}

/**
 * Bundles several functions of jobtree, by name. Those that share most imports are bundled at once, so that each file is
 * read only once: without chunks, because functions would share them.
 */
export function bundleTogether(entries: readonly OwnEntry[]): Map<string, BundledCode> {
  const folder = mkdtempSync(join(tmpdir(), 'jobtree-entries-'));
  try {
    const split = entries.filter(({ hasChunks }) => hasChunks === true);
    const whole = entries.filter(({ hasChunks }) => hasChunks !== true);
    const entryPoints = whole.map((entry) => ({ in: entryFile(entry, folder), out: entry.name }));
    const { outputFiles, metafile } = buildWithReason({ entryPoints });
    const bundles = outputFiles.map(({ path, contents }): [string, BundledCode] => {
      const file = basename(path);
      const sources = usedInputs(metafile.outputs[file]?.inputs);
      const startFiles = [ENTRY_FILE];
      const files = new Map([[ENTRY_FILE, contents]]);
      return [basename(file, '.mjs'), { files, startFiles, sources, startSources: sources }];
    });
    const others = split.map((entry): [string, BundledCode] => [
      entry.name,
      bundleFile(entryFile(entry, folder)),
    ]);
    return new Map([...bundles, ...others]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function entryFile(entry: OwnEntry, folder: string): string {
  if ('file' in entry) return entry.file;
  const file = join(folder, `${entry.name}.ts`);
  writeFileSync(file, entry.source);
  return file;
}

function buildWithReason(options: BuildOptions) {
  try {
    return buildSync({ ...OPTIONS, ...options } as typeof OPTIONS);
  } catch (error) {
    const [first] = (error as BuildFailure).errors ?? [];
    const [, file, name] = /^No matching export in "(.+)" for import "(.+)"$/.exec(first?.text ?? '') ?? [];
    if (file === undefined) throw error;
    throw new Error(
      `${file} has no export '${name}'; export the definition under this name, or pass its name as \`exportName\``,
    );
  }
}
