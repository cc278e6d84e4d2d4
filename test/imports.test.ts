import { globSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { expect, test } from 'vitest';

const LAYERS = ['core', 'contract', 'store', 'aws'].map((name) => `functions/${name}`);
const [CORE = '', CONTRACT = '', STORE = ''] = LAYERS;

/** What the files of a folder may import beside each other: the table of CONTRIBUTING.md. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  [CORE]: [],
  [CONTRACT]: [CORE],
  [STORE]: [CORE, CONTRACT],
  'functions/aws': [CORE, CONTRACT, STORE],
  'functions/documents': [CORE],
  'functions/scan-sources': [...LAYERS, 'functions/jobs-api'],
  'clients/worker': LAYERS,
  'clients/scan': [CORE, CONTRACT, 'functions/scan-sources'],
  bin: ['lib', CONTRACT],
  localstack: [CORE, CONTRACT],
};

/** Any other function, shipped workers included. */
const OF_FUNCTIONS = [...LAYERS, 'functions/documents', 'clients/worker'];

interface Import {
  readonly file: string;
  readonly target: string;
}

const files = globSync([
  'bin/**/*.ts',
  'lib/**/*.ts',
  'functions/**/*.ts',
  'clients/**/*.ts',
  'localstack/**/*.ts',
]);

const imports: readonly Import[] = files.flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import) '([.#][^']+)'/g)].map(([, name = '']) => ({
    file,
    target: name.startsWith('#') ? `functions/${name.slice(1)}` : normalize(join(file, '..', name)),
  })),
);

/** `lib`, or `functions/core`: the folders that the table speaks of. */
function folderOf(path: string): string {
  const [top = '', name = ''] = path.split('/');
  return top === 'functions' || top === 'clients' ? `${top}/${name}` : top;
}

function isAllowed({ file, target }: Import): boolean {
  const [from, to] = [folderOf(file), folderOf(target)];
  if (from === to || to === 'package.json') return true;
  if (from === 'lib') return to.startsWith('functions/') && !target.endsWith('/handler.ts');
  return (MAY_IMPORT[from] ?? OF_FUNCTIONS).includes(to);
}

test('each folder imports only what it may', () => {
  expect(imports.length).toBeGreaterThan(1_000);
  expect(imports.filter((one) => !isAllowed(one))).toEqual([]);
});
