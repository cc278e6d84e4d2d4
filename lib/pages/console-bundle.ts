import { basename } from 'node:path';
import { buildSync } from 'esbuild';
import { projectFile } from '../own-code.ts';
import { BROWSERS } from './browsers.ts';
import { filesIn } from './files-in.ts';

export interface ConsoleBundle {
  /** By their paths below `/console`. */
  readonly files: Map<string, Uint8Array>;
  /** Source files of the bundle, by their paths in the project. */
  readonly sources: readonly string[];
}

export function bundleConsole(): ConsoleBundle {
  const { outputFiles, metafile } = buildSync({
    stdin: { contents: entrySource(), resolveDir: projectFile('clients/console'), loader: 'ts' },
    absWorkingDir: projectFile(''),
    outdir: 'dist/pages/console',
    entryNames: 'assets/console-[hash]',
    chunkNames: 'assets/[name]-[hash]',
    assetNames: 'assets/[name]-[hash]',
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: ['es2022', ...BROWSERS],
    jsx: 'automatic',
    tsconfig: projectFile('clients/console/tsconfig.json'),
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { '.svg': 'text' },
    legalComments: 'none',
    logLevel: 'warning',
  });
  const files = new Map<string, Uint8Array>(
    outputFiles.map(({ path, contents }) => [`assets/${basename(path)}`, contents]),
  );
  const names = Object.entries(metafile.outputs);
  const script = names.find(([, { entryPoint }]) => entryPoint === '<stdin>');
  files.set(
    'index.html',
    new TextEncoder().encode(indexPage(basename(script?.[0] ?? ''), styleOf(script?.[1].cssBundle))),
  );
  return { files, sources: Object.keys(metafile.inputs) };
}

/** All styles are in the first load, because esbuild does not load the styles of a lazy page. */
function entrySource(): string {
  const styles = filesIn(projectFile('clients/console')).filter((path) =>
    /^pages\/[^/]+\/[^/]+\.css$/.test(path),
  );
  return ['./styles/index.css', ...styles.map((path) => `./${path}`), './main.tsx']
    .map((path) => `import ${JSON.stringify(path)};`)
    .join('\n');
}

function styleOf(bundle: string | undefined): string {
  return basename(bundle ?? '');
}

/** `%ROOT%` becomes the path to `/console` from the page that is shown. */
function indexPage(script: string, style: string): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<title>jobtree</title>',
    '<link rel="icon" href="data:,">',
    `<link rel="stylesheet" href="%ROOT%/assets/${style}">`,
    `<script type="module" src="%ROOT%/assets/${script}"></script>`,
    '<div id="root"></div>',
    '<noscript>The console needs JavaScript. The API and the command line work without it.</noscript>',
    '</html>',
  ].join('\n');
}
