import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { projectFile } from '../lib/own-code.ts';

/** The modules that users import, and the one that bundles with their splitters start from. */
const MODULES = {
  cdk: 'lib/index.ts',
  worker: 'clients/worker/index.ts',
  'split-batch': 'functions/split-batch/split-handler.ts',
};

/** What users have in a version of their own. */
const EXTERNAL = ['aws-cdk-lib', 'constructs', 'zod', 'esbuild'];

/** Files of what is CommonJS inside ask for `require`; a name of its own, as bundles of users get another one. */
const REQUIRE_SHIM =
  "import{createRequire as jobtreeModuleRequire}from'node:module';const require=jobtreeModuleRequire(import.meta.url);";

/** Bundles the modules with all that they import but peers; they share chunks, and so the classes in them. */
export function writeModules(): string[] {
  const { metafile } = buildSync({
    entryPoints: Object.entries(MODULES).map(([out, path]) => ({ in: path, out })),
    absWorkingDir: projectFile(''),
    outdir: 'dist',
    bundle: true,
    splitting: true,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    packages: 'bundle',
    external: EXTERNAL,
    sourcemap: 'linked',
    legalComments: 'none',
    banner: { js: REQUIRE_SHIM },
    logLevel: 'warning',
  });
  for (const path of Object.keys(metafile.outputs).filter((output) => output.endsWith('.map'))) slim(path);
  return Object.keys(metafile.inputs);
}

interface SourceMap {
  readonly sources: readonly string[];
  readonly sourcesContent: readonly (string | null)[];
}

/** The text of dependencies is most of a source map, and hardly ever what somebody looks for. */
function slim(path: string): void {
  const file = join(projectFile(''), path);
  const map: SourceMap = JSON.parse(readFileSync(file, 'utf8'));
  const sourcesContent = map.sources.map((source, at) =>
    source.includes('node_modules') ? null : (map.sourcesContent[at] ?? null),
  );
  writeFileSync(file, JSON.stringify({ ...map, sourcesContent }));
}
