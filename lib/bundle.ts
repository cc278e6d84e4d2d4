import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const PROJECT_ROOT = fileURLToPath(new URL('..', import.meta.url));

/** An entry of the project itself, wherever the app that uses its constructs lies. */
export function projectFile(path: string): string {
  return join(PROJECT_ROOT, path);
}

export interface BundleProps {
  /** A file, or source made at synth; imports of the latter are absolute. */
  readonly entry: string | { readonly source: string };
  /** JSON files that lie beside the code, by name. */
  readonly files?: Readonly<Record<string, unknown>>;
}

export interface Bundle {
  readonly directory: string;
  readonly sizeBytes: number;
}

// Some dependencies are CommonJS inside; esbuild leaves their `require` of Node's own modules as it is.
const REQUIRE_SHIM =
  "import{createRequire as jobtreeRequire}from'node:module';const require=jobtreeRequire(import.meta.url);";

// One synth bundles an entry once, however many stacks or functions use it.
const bundled = new Map<string, Uint8Array>();

/** Bundles a function into one ESM file below `outdir`, in a folder that is named after what is in it. */
export function bundle(outdir: string, { entry, files = {} }: BundleProps): Bundle {
  const code = bundledCode(entry);
  const contents = new Map<string, string | Uint8Array>([['index.mjs', code]]);
  for (const [name, value] of Object.entries(files)) contents.set(name, JSON.stringify(value));
  const directory = join(outdir, 'bundles', hashOf(contents));
  mkdirSync(directory, { recursive: true });
  for (const [name, content] of contents) writeFileSync(join(directory, name), content);
  return { directory, sizeBytes: code.byteLength };
}

function bundledCode(entry: BundleProps['entry']): Uint8Array {
  const key = JSON.stringify(entry);
  const known = bundled.get(key);
  if (known) return known;
  const { outputFiles } = buildSync({
    ...(typeof entry === 'string'
      ? { entryPoints: [entry] }
      : {
          stdin: { contents: entry.source, loader: 'ts', resolveDir: PROJECT_ROOT, sourcefile: 'entry.ts' },
        }),
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // esbuild would prefer `main` on this platform: CommonJS, of which nothing can be left out.
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    banner: { js: REQUIRE_SHIM },
    logLevel: 'warning',
  });
  const code = outputFiles[0]?.contents;
  if (code === undefined) throw new Error(`esbuild made nothing of ${key}`);
  bundled.set(key, code);
  return code;
}

function hashOf(contents: ReadonlyMap<string, string | Uint8Array>): string {
  const hash = createHash('sha256');
  for (const [name, content] of contents) hash.update(`${name}\0${content.length}\0`).update(content);
  return hash.digest('hex').slice(0, 32);
}
