import { globSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { expect, test } from 'vitest';

const LAYERS = ['core', 'contract', 'store', 'aws'].map((name) => `functions/${name}`);
const [CORE = '', CONTRACT = '', STORE = ''] = LAYERS;
const SOURCES = 'functions/sources';
const KIT = 'functions/kit';

/** Other folders that each folder may import, as in the table of CONTRIBUTING.md. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  [CORE]: [],
  [CONTRACT]: [CORE],
  [STORE]: [CORE, CONTRACT],
  'functions/aws': [CORE, CONTRACT, STORE],
  [SOURCES]: [CORE, CONTRACT, STORE],
  [KIT]: [...LAYERS, SOURCES],
  'functions/workers': [...LAYERS, SOURCES, KIT],
  'functions/creation': LAYERS,
  'functions/scan-sources': [...LAYERS, 'functions/creation'],
  'functions/jobs-api': [...LAYERS, 'functions/creation'],
  'clients/worker': [CORE, CONTRACT, SOURCES, KIT],
  'clients/client': [],
  build: ['lib', 'localstack'],
  'clients/console': ['clients/client', CORE, CONTRACT],
  'functions/serve-pages': [CONTRACT, 'functions/aws'],
  'clients/scan': [CORE, CONTRACT, 'functions/scan-sources'],
  'clients/cli': ['clients/client', 'clients/scan', 'localstack'],
  bin: ['lib', CONTRACT],
  localstack: [CORE, CONTRACT],
};

/** Parses JSON without losing digits. It imports nothing else. */
const JSON_RULES = `${CORE}/json/`;

/** Every folder may import these. */
const FOR_ALL = [JSON_RULES, `${CORE}/omit-undefined.ts`];

/** Any other function of the service. */
const OF_FUNCTIONS = [...LAYERS, SOURCES, KIT];

interface Import {
  readonly file: string;
  readonly target: string;
}

const files = globSync([
  'build/**/*.ts',
  'bin/**/*.ts',
  'lib/**/*.ts',
  'functions/**/*.ts',
  'clients/**/*.{ts,tsx}',
  'localstack/**/*.ts',
]);

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import) '([.#][^'$]+)'/g)].map(([, name = '']) => ({
    file,
    target: targetOf(file, name),
  }));
}

const imports: readonly Import[] = files.flatMap(importsOf);

function targetOf(file: string, name: string): string {
  if (!name.startsWith('#')) return normalize(join(file, '..', name));
  return name.startsWith('#kit/')
    ? `functions/kit/${name.slice('#kit/'.length)}`
    : `functions/${name.slice(1)}`;
}

/** `lib`, or `functions/core`: the folders that the table speaks of. */
function folderOf(path: string): string {
  const [top = '', name = ''] = path.split('/');
  return top === 'functions' || top === 'clients' ? `${top}/${name}` : top;
}

function isAllowed({ file, target }: Import): boolean {
  const [from, to] = [folderOf(file), folderOf(target)];
  if (from === 'functions/workers' && to === from) return workerOf(file) === workerOf(target);
  if (file.startsWith(JSON_RULES)) return target.startsWith(JSON_RULES);
  if (FOR_ALL.some((path) => target.startsWith(path))) return true;
  if (from === to || to === 'package.json') return true;
  if (from === 'lib') return isOfLib(to, target);
  return (MAY_IMPORT[from] ?? OF_FUNCTIONS).includes(to);
}

/** `lib` may import names, schemas and checks of functions, but no handler, and nothing of the HTTP API. */
function isOfLib(folder: string, target: string): boolean {
  if (folder === 'functions/jobs-api') return false;
  return folder.startsWith('functions/') && !/\/(handler|definition)\.ts$/.test(target);
}

/** The wing of documents counts as one worker: its workers share what reads and makes them. */
const workerOf = (path: string) => path.split('/')[2];

test('each folder imports only what it may', () => {
  expect(imports.length).toBeGreaterThan(1_000);
  expect(imports.filter((one) => !isAllowed(one))).toEqual([]);
});

/** Returns the groups of files that import each other in a circle. Every file of a group reaches the others. */
function circlesOf(edges: readonly Import[]): string[][] {
  const targets = Map.groupBy(edges, ({ file }) => file);
  const reachable = new Map<string, Set<string>>();
  for (const start of targets.keys()) {
    const found = new Set<string>();
    const open = [start];
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      for (const { target } of targets.get(file) ?? []) {
        if (!found.has(target)) open.push(target);
        found.add(target);
      }
    }
    reachable.set(start, found);
  }
  const inCircle = [...reachable.keys()].filter((file) => reachable.get(file)?.has(file));
  const isTogether = (one: string, other: string) =>
    reachable.get(one)?.has(other) === true && reachable.get(other)?.has(one) === true;
  const groups = inCircle.map((file) => inCircle.filter((other) => isTogether(file, other)).sort());
  return [...new Set(groups.map((group) => group.join(' ')))].map((group) => group.split(' '));
}

test('no files import each other in a circle, not even for types', () => {
  const pages = globSync('clients/**/*.tsx', { exclude: ['**/node_modules/**'] }).flatMap(importsOf);

  expect(circlesOf([...imports, ...pages])).toEqual([]);
});

test('a circle is found, with the files on it alone', () => {
  const edges = ['a b', 'b c', 'c b', 'c d', 'd d'].map((edge) => {
    const [file = '', target = ''] = edge.split(' ');
    return { file, target };
  });

  expect(circlesOf(edges)).toEqual([['b', 'c'], ['d']]);
});

test('the rules in functions/core use no package', () => {
  const packages = files
    .filter((file) => file.startsWith(`${CORE}/`))
    .flatMap(
      (file) =>
        readFileSync(file, 'utf8').match(
          /^(?:(?:import|export) .*|\} )from '[^.#'].*$|^import '[^.#'].*$/gm,
        ) ?? [],
    );

  expect(packages).toEqual([]);
});
