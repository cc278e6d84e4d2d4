/** Code as esbuild bundles it for functions: one ESM file, minified, with everything that it imports. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type BuildFailure, type BuildOptions, buildSync } from 'esbuild';
import { KIT_MODULE, type OwnEntry, projectFile } from './own-code.ts';

export interface BundledCode {
  readonly code: Uint8Array;
  /** The files that it is made of, by their paths in the project. */
  readonly sources: readonly string[];
}

// Some dependencies are CommonJS inside; esbuild leaves their `require` of Node's own modules as it is.
const REQUIRE_SHIM =
  "import{createRequire as jobtreeRequire}from'node:module';const require=jobtreeRequire(import.meta.url);";

const OPTIONS = {
  bundle: true,
  write: false,
  metafile: true,
  absWorkingDir: projectFile(''),
  // Users' code gets the kit of these constructs, even where another copy of jobtree is closer to it.
  alias: { 'jobtree/worker': KIT_MODULE },
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

export function bundleFile(file: string): BundledCode {
  return only(built({ entryPoints: [file], outdir: '.' }));
}

/** Bundles source whose imports are absolute paths. */
export function bundleSource(source: string): BundledCode {
  const stdin = {
    contents: source,
    loader: 'ts',
    resolveDir: projectFile(''),
    sourcefile: 'entry.ts',
  } as const;
  return only(built({ stdin, outfile: 'entry.js' }));
}

/** Bundles functions of jobtree at once, by name: they share most of what they import, and each file is read once. */
export function bundleTogether(entries: readonly OwnEntry[]): Map<string, BundledCode> {
  const folder = mkdtempSync(join(tmpdir(), 'jobtree-entries-'));
  try {
    const entryPoints = entries.map((entry) => {
      if ('file' in entry) return { in: entry.file, out: entry.name };
      const file = join(folder, `${entry.name}.ts`);
      writeFileSync(file, entry.source);
      return { in: file, out: entry.name };
    });
    const files = built({ entryPoints, outdir: '.' });
    return new Map(files.map(([name, code]) => [basename(name, '.js'), code]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What esbuild makes, by the names of the files that it would have written. */
function built(options: BuildOptions): [string, BundledCode][] {
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

function only([first]: readonly [string, BundledCode][]): BundledCode {
  if (first === undefined) throw new Error('esbuild made no file of the entry');
  return first[1];
}
