/**
 * Locates jobtree's own code and files. In the repository, functions are bundled from their source. In the
 * installed package, `npm run build` has already bundled them (dist/functions).
 */
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Both `lib` in the repository and `dist` in the package are directly below the root. */
const PROJECT_ROOT = fileURLToPath(new URL('..', import.meta.url));

/** True in the installed package, false in the repository. */
export const IS_PACKAGE = !import.meta.url.endsWith('.ts');

/** Returns the path of a file of jobtree, independent of the app that uses its constructs. */
export function projectFile(path: string): string {
  return join(PROJECT_ROOT, path);
}

/** The module that users import as `jobtree/worker`. */
export const KIT_MODULE = projectFile(IS_PACKAGE ? 'dist/worker.js' : 'clients/worker/index.ts');

/** The module with `splitHandler`, the entry point of bundles with users' splitters. */
export const SPLIT_MODULE = projectFile(
  IS_PACKAGE ? 'dist/split-batch.js' : 'functions/split-batch/split-handler.ts',
);

/** Returns the folder of a function bundled by `npm run build`. */
export function builtFunction(name: string): string {
  return projectFile(`dist/functions/${name}`);
}

/** A function of jobtree in the repository: a file with a `handler`, or the source of one. */
export type OwnEntry = {
  readonly name: string;
  /** True if modules that few requests need are chunks, which are loaded on demand. */
  readonly hasChunks?: boolean;
} & ({ readonly file: string } | { readonly source: string });

/** Threads of the workers for documents are started from the file of the entry, so all of their code is in it. */
const WITHOUT_CHUNKS = 'workers/documents/';

/** Returns all functions of jobtree, and the other files beside them: threads, processes and the AWS SDK. */
export function ownEntries(): OwnEntry[] {
  const functions = projectFile('functions');
  const files = readdirSync(functions, { recursive: true, encoding: 'utf8' });
  const entries = files.flatMap((path): OwnEntry[] => {
    const [name, file] = [basename(dirname(path)), join(functions, path)];
    const hasChunks = !path.startsWith(WITHOUT_CHUNKS);
    if (basename(path) === 'handler.ts') return [{ name, file, hasChunks }];
    return basename(path) === 'definition.ts' ? [{ name, source: workerSource(file), hasChunks }] : [];
  });
  return [
    ...entries,
    { name: 'job-types', file: join(functions, 'creation/serve.ts') },
    { name: 'aws-sdk', file: join(functions, 'aws/sdk/index.ts') },
    { name: 'lease-thread', file: join(functions, 'aws/lease/lease-thread.ts') },
  ];
}

/** Returns the source of a Lambda handler for a worker definition. */
function workerSource(definition: string): string {
  return [
    `import { lambdaHandler } from ${JSON.stringify(projectFile('functions/kit/lambda.ts'))};`,
    `import { worker } from ${JSON.stringify(definition)};`,
    'export const handler = lambdaHandler(worker);',
  ].join('\n');
}
