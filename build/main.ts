/** `npm run build`: creates `dist`, everything in the package besides `lib/templates` and `lib/job-types`. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundleTogether } from '../lib/esbuild.ts';
import { builtFunction, ownEntries, projectFile } from '../lib/own-code.ts';
import { BUILT_PAGES, buildPages } from '../lib/pages/pages.ts';
import { writeCommandLine } from './command-line.ts';
import { writeDeclarations } from './declarations.ts';
import { writeModules } from './modules.ts';
import { writeNotices } from './notices.ts';

const started = performance.now();
rmSync(projectFile('dist'), { recursive: true, force: true });
const functions = bundleTogether(ownEntries());
for (const [name, { files }] of functions) {
  mkdirSync(builtFunction(name), { recursive: true });
  for (const [file, code] of files) writeFileSync(join(builtFunction(name), file), code);
}
const pages = buildPages();
for (const [path, content] of pages.files) {
  const file = join(BUILT_PAGES, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
const modules = [...writeModules(), ...writeCommandLine()];
writeNotices([...modules, ...pages.sources, ...[...functions.values()].flatMap(({ sources }) => sources)]);
const declarations = writeDeclarations();
const seconds = ((performance.now() - started) / 1000).toFixed(1);
// Stdout is reserved for `npm pack`, whose output other programs parse.
console.error(
  `dist: ${functions.size} functions, ${pages.files.size} pages, ${declarations} declarations, in ${seconds} s`,
);
