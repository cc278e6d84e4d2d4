/**
 * Writes the declarations of the public modules: the compiler's output, without files that no public
 * declaration refers to. Imports of `#core/…` and `.ts`, which only work in the repository, become relative
 * imports.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { projectFile } from '../lib/own-code.ts';

const TYPES = projectFile('dist/types');
const ROOTS = ['lib/index.d.ts', 'clients/worker/index.d.ts', 'clients/client/index.d.ts'];

/** Matches `from '…'`, `import('…')` and `import '…'`, with the text before the specifier. */
const SPECIFIER = /(\bfrom\s+|\bimport\(|\bimport\s+)(['"])([.#][^'"]+)\2/g;

/** Returns the number of declarations. */
export function writeDeclarations(): number {
  execFileSync('tsc', ['-p', projectFile('tsconfig.types.json')], { stdio: ['ignore', 2, 2] });
  const kept = new Set<string>();
  for (const root of ROOTS) keep(root, kept);
  for (const path of globSync('**/*.d.ts', { cwd: TYPES })) if (!kept.has(path)) rmSync(join(TYPES, path));
  for (const folder of globSync('**/', { cwd: TYPES }).sort().reverse())
    if (globSync('**/*.d.ts', { cwd: join(TYPES, folder) }).length === 0)
      rmSync(join(TYPES, folder), { recursive: true, force: true });
  return kept.size;
}

function keep(path: string, kept: Set<string>): void {
  if (kept.has(path)) return;
  kept.add(path);
  const file = join(TYPES, path);
  const text = readFileSync(file, 'utf8');
  const targets: string[] = [];
  const rewritten = text.replaceAll(SPECIFIER, (_, before: string, quote: string, specifier: string) => {
    const target = moduleOf(path, specifier);
    targets.push(`${target}.d.ts`);
    const to = relative(dirname(path), `${target}.js`);
    return `${before}${quote}${to.startsWith('.') ? to : `./${to}`}${quote}`;
  });
  writeFileSync(file, rewritten);
  for (const target of targets) keep(target, kept);
}

/** Returns the project module of a specifier, without its extension. */
function moduleOf(path: string, specifier: string): string {
  const module = specifier.replace(/\.ts$/, '');
  const target = module.startsWith('#') ? `functions/${module.slice(1)}` : join(dirname(path), module);
  if (existsSync(join(TYPES, `${target}.d.ts`))) return target;
  throw new Error(`${path} imports '${specifier}', of which the compiler made no declaration`);
}
