import { basename } from 'node:path';
import { buildSync, type Metafile } from 'esbuild';
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
  const page = { script: basename(script?.[0] ?? ''), style: basename(script?.[1].cssBundle ?? '') };
  const preloaded = [...firstScripts(metafile.outputs)].map((path) => basename(path));
  files.set('index.html', new TextEncoder().encode(indexPage({ ...page, preloaded })));
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

/** Page that most visits begin with. */
const FIRST_PAGE = 'clients/console/pages/jobs/jobs-page.tsx';

/** Returns the scripts of the first visit, so that the browser requests them at once and not one after the other. */
function firstScripts(outputs: Metafile['outputs']): Set<string> {
  const first = Object.entries(outputs).filter(
    ([path, { entryPoint = '' }]) => path.endsWith('.js') && ['<stdin>', FIRST_PAGE].includes(entryPoint),
  );
  const scripts = new Set(first.map(([path]) => path));
  for (const path of scripts)
    for (const { path: imported, kind } of outputs[path]?.imports ?? [])
      if (kind === 'import-statement') scripts.add(imported);
  return scripts;
}

interface IndexParts {
  readonly script: string;
  readonly style: string;
  readonly preloaded: readonly string[];
}

/** `%ROOT%` becomes the path to `/console` from the page that is shown. */
function indexPage({ script, style, preloaded }: IndexParts): string {
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
    ...preloaded.map((name) => `<link rel="modulepreload" href="%ROOT%/assets/${name}">`),
    '<link rel="preload" href="%ROOT%/config.json" as="fetch" crossorigin>',
    '<div id="root"></div>',
    '<noscript>The console needs JavaScript. The API and the command line work without it.</noscript>',
    '</html>',
  ].join('\n');
}
