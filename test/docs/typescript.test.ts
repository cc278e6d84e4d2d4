/** The samples in TypeScript compile; those that are complete files also run. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { item, runSplitter, runWorker } from '../../clients/worker/index.ts';
import { STATE_ROOT } from '../../localstack/local-aws.ts';
import { type Block, blocksOf, PAGES } from './samples/blocks.ts';

/** Lines before the fragments of a page: what a reader has at this point. */
const IN_AN_APP = `import { Duration, type Stack, type aws_s3 } from 'aws-cdk-lib';
declare const stack: Stack;
declare const jwks: { keys: { kty: string; kid: string }[] };
declare const scans: aws_s3.IBucket;
declare const jobs: import('jobtree/cdk').JobService;
export type Names = [Duration, typeof stack, typeof jwks, typeof scans, typeof jobs];
`;
const IMPORTS: Readonly<Record<string, string>> = {
  JobService: "import { JobService } from 'jobtree/cdk';",
  Worker: "import { Worker } from 'jobtree/cdk';",
  shout: "import { shout } from './workers/shout';",
  mailbox: "import { mailbox } from './splitters/mailbox';",
  expect: "import { expect } from 'vitest';",
};
/** Functions of the reader that a page names. */
const READERS_FUNCTIONS = `
interface Page { mails: { id: string; subject: string }[]; next: string }
async function* listMails(folder: string, cursor: unknown): AsyncGenerator<Page> {
  yield { mails: [{ id: '17', subject: 'Hello' }], next: folder + cursor };
}
const subFolders = async (folder: string): Promise<string[]> => (folder === 'inbox' ? ['inbox/old'] : []);
`;
/** One program for the page, whose blocks continue each other. */
const ONE_PROGRAM = ['docs/how-to/use-the-typescript-client.md'];

const blocks = PAGES.flatMap(blocksOf).filter(({ language }) => language === 'ts');
const pages = [...new Set(blocks.map(({ page }) => page))];

let folder: string;
beforeAll(() => {
  // Inside the repository, so that the compiler finds the packages.
  mkdirSync(STATE_ROOT, { recursive: true });
  folder = mkdtempSync(join(STATE_ROOT, 'typescript-'));
  for (const page of pages) writePage(page);
  const compilerOptions = {
    module: 'esnext',
    moduleResolution: 'bundler',
    noPropertyAccessFromIndexSignature: false,
    exactOptionalPropertyTypes: false,
  };
  const config = { extends: resolve('tsconfig.json'), compilerOptions, include: [`${folder}/**/*.ts`] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fileOf = (page: string, name: string) => join(folder, basename(page, '.md'), name);

function write(page: string, name: string, text: string): void {
  mkdirSync(dirname(fileOf(page, name)), { recursive: true });
  writeFileSync(fileOf(page, name), text);
}

function writePage(page: string): void {
  const ofPage = blocks.filter((block) => block.page === page);
  if (ONE_PROGRAM.includes(page)) {
    write(page, 'page.ts', ofPage.map(({ text }) => text).join('\n'));
    return;
  }
  const needsTutorial = !ofPage.some(({ text }) => text.startsWith('// workers/shout.ts'));
  const [tutorial] = blocksOf('docs/tutorials/first-worker.md').filter(({ language }) => language === 'ts');
  if (needsTutorial && tutorial !== undefined) write(page, 'workers/shout.ts', tutorial.text);
  ofPage.forEach((block, index) => {
    const [, name] = /^\/\/ (\S+\.ts)\n/.exec(block.text) ?? [];
    if (name === undefined) write(page, `app/fragment-${index}.ts`, withImports(block));
    else write(page, name, block.text + (block.text.includes('listMails(') ? READERS_FUNCTIONS : ''));
  });
}

function withImports({ text }: Block): string {
  const missing = Object.entries(IMPORTS).filter(
    ([name]) => new RegExp(`\\b${name}\\b`).test(text) && !new RegExp(`import .*\\b${name}\\b`).test(text),
  );
  const imports = missing.map(([, line]) => line.replace("'./", "'../"));
  return [IN_AN_APP, ...imports, text].join('\n');
}

function compile(): Promise<string> {
  return new Promise((fulfil) => {
    execFile(resolve('node_modules/.bin/tsc'), ['--noEmit', '-p', folder], (_error, stdout, stderr) =>
      fulfil(stdout + stderr),
    );
  });
}

test('they compile', async () => {
  expect(await compile()).toBe('');
});

test('the workers run', async () => {
  for (const page of ['README.md', 'docs/reference/workers.md', 'docs/tutorials/first-worker.md']) {
    const { shout } = await import(fileOf(page, 'workers/shout.ts'));
    const results = await runWorker(shout, [{ id: '1', payload: 'hello' }], { parameters: { mark: '?' } });

    expect(results, page).toMatchObject([{ kind: 'succeeded', output: 'HELLO?' }]);
  }
});

test('the splitters run', async () => {
  const { sentences } = await import(fileOf('docs/tutorials/first-worker.md', 'splitters/sentences.ts'));
  const { mailbox } = await import(fileOf('docs/how-to/write-a-splitter.md', 'splitters/mailbox.ts'));

  const texts = await runSplitter(sentences, { text: 'How are you? Fine.' });
  expect(texts).toEqual([item('1', 'How are you?'), item('2', 'Fine.')]);
  const mails = await runSplitter(mailbox, { folder: 'inbox' }, { cursor: 'page-2' });
  expect(mails).toContainEqual(item('17', { subject: 'Hello' }));
});
