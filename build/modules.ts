import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { projectFile } from '../lib/own-code.ts';

/** The modules that users import, the entry point of bundles with users' splitters, and a CDK app. */
const MODULES = {
  cdk: 'lib/index.ts',
  worker: 'clients/worker/index.ts',
  'split-batch': 'functions/split-batch/split-handler.ts',
  // The default stack, which `jobtree dev` deploys in a folder without a CDK app.
  'job-service': 'bin/job-service.ts',
};

/** Packages of which users have their own version. */
const EXTERNAL = ['aws-cdk-lib', 'constructs', 'zod', 'esbuild'];

/**
 * CommonJS code in dependencies needs `require`. The name is unique, because users' bundles add another one.
 */
const REQUIRE_SHIM =
  "import{createRequire as jobtreeModuleRequire}from'node:module';const require=jobtreeModuleRequire(import.meta.url);";

/**
 * Bundles the modules with all imports except peer dependencies. Shared chunks ensure that each class exists
 * once.
 */
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
  for (const path of Object.keys(metafile.outputs).filter((output) => output.endsWith('.map')))
    removeDependencySources(path);
  writeClient();
  return Object.keys(metafile.inputs);
}

/** Bundles the client separately, because browsers run it: without modules of Node, and without the shim. */
function writeClient(): void {
  buildSync({
    entryPoints: { client: 'clients/client/index.ts' },
    absWorkingDir: projectFile(''),
    outdir: 'dist',
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    sourcemap: 'linked',
    legalComments: 'none',
    logLevel: 'warning',
  });
}

interface SourceMap {
  readonly sources: readonly string[];
  readonly sourcesContent: readonly (string | null)[];
}

/** Removes the source text of dependencies, which is most of a source map and rarely needed. */
function removeDependencySources(path: string): void {
  const file = join(projectFile(''), path);
  const map: SourceMap = JSON.parse(readFileSync(file, 'utf8'));
  const sourcesContent = map.sources.map((source, at) =>
    source.includes('node_modules') ? null : (map.sourcesContent[at] ?? null),
  );
  writeFileSync(file, JSON.stringify({ ...map, sourcesContent }));
}
