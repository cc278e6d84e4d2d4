/** Bundles code for functions with esbuild: one minified ESM file with all its imports. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type BuildFailure, type BuildOptions, buildSync } from 'esbuild';
import { KIT_MODULE, type OwnEntry, projectFile } from './own-code.ts';

export interface BundledCode {
  readonly code: Uint8Array;
  /** Source files of the bundle, by their paths in the project. */
  readonly sources: readonly string[];
}

// Some dependencies contain CommonJS. esbuild keeps their `require` calls for Node's built-in modules.
const REQUIRE_SHIM =
  "import{createRequire as jobtreeRequire}from'node:module';const require=jobtreeRequire(import.meta.url);";

const OPTIONS = {
  bundle: true,
  write: false,
  metafile: true,
  absWorkingDir: projectFile(''),
  // Users' code gets the kit of these constructs, even if another copy of jobtree is closer in node_modules.
  alias: { 'jobtree/worker': KIT_MODULE },
  format: 'esm',
  platform: 'node',
  target: 'node24',
  // By default, esbuild prefers `main` on this platform: CommonJS, which cannot be tree-shaken.
  mainFields: ['module', 'main'],
  minify: true,
  legalComments: 'none',
  banner: { js: REQUIRE_SHIM },
  // The thrown error contains the messages.
  logLevel: 'silent',
} as const satisfies BuildOptions;

export function bundleFile(file: string): BundledCode {
  return firstFile(bundledFiles({ entryPoints: [file], outdir: '.' }));
}

/** Bundles source whose imports are absolute paths. */
export function bundleSource(source: string): BundledCode {
  const stdin = {
    contents: source,
    loader: 'ts',
    resolveDir: projectFile(''),
    sourcefile: 'entry.ts',
  } as const;
  return firstFile(bundledFiles({ stdin, outfile: 'entry.js' }));
}

/**
 * Bundles several functions of jobtree at once, by name. They share most imports, so each file is read only
 * once.
 */
export function bundleTogether(entries: readonly OwnEntry[]): Map<string, BundledCode> {
  const folder = mkdtempSync(join(tmpdir(), 'jobtree-entries-'));
  try {
    const entryPoints = entries.map((entry) => {
      if ('file' in entry) return { in: entry.file, out: entry.name };
      const file = join(folder, `${entry.name}.ts`);
      writeFileSync(file, entry.source);
      return { in: file, out: entry.name };
    });
    const files = bundledFiles({ entryPoints, outdir: '.' });
    return new Map(files.map(([name, code]) => [basename(name, '.js'), code]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Returns esbuild's output, by the names of the output files. */
function bundledFiles(options: BuildOptions): [string, BundledCode][] {
  const { outputFiles, metafile } = buildWithReason({ ...OPTIONS, ...options } as typeof OPTIONS);
  return outputFiles.map(({ path, contents }) => {
    const name = basename(path);
    return [name, { code: contents, sources: Object.keys(metafile.outputs[name]?.inputs ?? {}) }];
  });
}

function buildWithReason(options: typeof OPTIONS) {
  try {
    return buildSync(options);
  } catch (error) {
    const [first] = (error as BuildFailure).errors ?? [];
    const [, file, name] = /^No matching export in "(.+)" for import "(.+)"$/.exec(first?.text ?? '') ?? [];
    if (file === undefined) throw error;
    throw new Error(
      `${file} has no export '${name}'; export the definition under this name, or pass its name as \`exportName\``,
    );
  }
}

function firstFile([first]: readonly [string, BundledCode][]): BundledCode {
  if (first === undefined) throw new Error('esbuild returned no file for the entry');
  return first[1];
}
