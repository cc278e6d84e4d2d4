/** A folder outside of the repository with nothing but the packed package, as a user of the client has it. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder, install, run, runInApp } from './fresh-app.ts';

const PROGRAM = `import { Jobtree, NotFoundError } from 'jobtree/client';

const [url = '', token = ''] = process.argv.slice(2);
const jobtree = new Jobtree({ url, token, partition: 'p' });
const job = await jobtree.createJob({
  name: 'from the package',
  batch: { splitter: 'range', definition: { from: 0, to: 3 }, worker: 'rehearse' },
});
await job.cancel();
const { name, status } = await job.done();
const error = await jobtree.job('missing').get().catch((caught) => caught);
const listed = await jobtree.jobs({ status: 'Cancelled' }).toArray();
console.log(JSON.stringify([name, status, listed.length, error instanceof NotFoundError]));
`;

const TYPED = `import { Jobtree, type Job, type JobRequest } from 'jobtree/client';

const request: JobRequest = { batch: { splitter: 'range', definition: {}, worker: 'rehearse' } };
export async function names(jobtree: Jobtree): Promise<(string | undefined)[]> {
  const job = await jobtree.createJob(request);
  const final: Job = await job.done({ signal: AbortSignal.timeout(1000) });
  for await (const { code } of job.failures()) console.log(code.length);
  return [final.name];
}
`;

/** Without types of Node, as in a program for browsers, and with checks of the declarations themselves. */
const COMPILER_OPTIONS = {
  target: 'ES2022',
  lib: ['ES2023', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
  module: 'ESNext',
  moduleResolution: 'Bundler',
  types: [],
  strict: true,
  skipLibCheck: false,
  noEmit: true,
};

/** Returns the names of the installed packages. */
export async function emptyFolder(
  name: string,
  tarball: string,
): Promise<{ path: string; packages: string[] }> {
  const path = join(folder, name);
  mkdirSync(path);
  writeFileSync(join(path, 'package.json'), JSON.stringify({ type: 'module', private: true }));
  writeFileSync(join(path, 'use.mjs'), PROGRAM);
  writeFileSync(join(path, 'typed.ts'), TYPED);
  writeFileSync(
    join(path, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files: ['typed.ts'] }),
  );
  await install(path, [tarball]);
  const packages = readdirSync(join(path, 'node_modules')).filter((one) => !one.startsWith('.'));
  return { path, packages };
}

/** Runs the program with the Node of this machine. Returns the printed JSON. */
export async function useClient(path: string, url: string, token: string): Promise<unknown> {
  return JSON.parse(await runInApp(path, 'node', ['use.mjs', url, token]));
}

export function compileTypes(path: string): Promise<string> {
  return run('tsc', ['-p', '.'], { cwd: path });
}
