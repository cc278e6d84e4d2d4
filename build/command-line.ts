import { buildSync } from 'esbuild';
import { projectFile } from '../lib/own-code.ts';

/** Packages that are loaded from the user's project, if it has them. */
const EXTERNAL = ['@aws-sdk/client-cloudwatch-logs'];

const REQUIRE_SHIM =
  "import{createRequire as jobtreeModuleRequire}from'node:module';const require=jobtreeModuleRequire(import.meta.url);";

/**
 * Bundles the command line into `folder`. Each command is a chunk that loads when it runs. Returns the source
 * files.
 */
export function writeCommandLine(folder = projectFile('dist/cli')): string[] {
  const { metafile } = buildSync({
    entryPoints: { main: 'clients/cli/main.ts' },
    absWorkingDir: projectFile(''),
    outdir: folder,
    bundle: true,
    splitting: true,
    minify: true,
    metafile: true,
    format: 'esm',
    platform: 'node',
    // The oldest Node that the package supports.
    target: 'node20.19',
    mainFields: ['module', 'main'],
    packages: 'bundle',
    external: EXTERNAL,
    legalComments: 'none',
    banner: { js: REQUIRE_SHIM },
    logLevel: 'warning',
  });
  return Object.keys(metafile.inputs);
}
