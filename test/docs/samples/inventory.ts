/** For each block of the documentation: the test that runs it, or the reason why none does. */
import { type Block, blocksOf, PAGES } from './blocks.ts';

interface Row {
  readonly page: string;
  /** Language of the fence. @default - any */
  readonly language?: string;
  /** Text that the block contains. @default - any */
  readonly contains?: string;
  /** The test that runs the block, or checks it if there is a reason not to run it. */
  readonly test?: string;
  /** The reason why the block is not run. */
  readonly reason?: string;
}

export const ON_THE_EMULATOR = 'test/e2e/docs-samples.test.ts';
export const COMMAND_LINE = 'test/clients/cli/pages.test.ts';
export const COMMANDS = 'test/docs/commands.test.ts';
export const CLIENTS = 'test/clients/pages.test.ts';
export const EMBED = 'test/docs/examples.test.ts';
export const TYPESCRIPT = 'test/docs/typescript.test.ts';
export const REQUESTS = 'test/docs/requests.test.ts';
export const FORMATS = 'test/docs/formats.test.ts';
export const TUTORIALS = 'test/docs/tutorials.test.ts';
export const PYTHON_CLIENT = 'test/e2e/python-client.test.ts';
export const PACKAGE = 'test/package/package.test.ts';
export const GENERATED = 'test/docs/generated.test.ts';

const DRAWING = 'a drawing';
const SERVICE = 'starts a service of its own on this machine';
const MINUTES = 'takes minutes';
const ACCOUNT = 'needs an AWS account';

/** The first row that fits a block applies. */
const ROWS: readonly Row[] = [
  { page: 'CONTRIBUTING.md', reason: MINUTES, test: COMMANDS },
  { page: 'README.md', contains: 'npm start', reason: SERVICE, test: COMMANDS },
  { page: 'README.md', language: 'sh', test: COMMAND_LINE },
  { page: 'README.md', language: 'ts', test: TYPESCRIPT },
  { page: 'README.md', contains: '─▶', reason: DRAWING },
  { page: 'clients/python/README.md', reason: 'the how-to has the same command' },
  { page: 'test/simulation/README.md', reason: MINUTES, test: COMMANDS },
  { page: 'docs/explanation/job-lifecycle.md', language: 'mermaid', reason: DRAWING, test: GENERATED },
  { page: 'docs/explanation/performance.md', reason: MINUTES, test: COMMANDS },
  { page: 'docs/explanation/reading-files.md', reason: MINUTES, test: COMMANDS },
  { page: 'docs/tutorials/first-job.md', contains: 'npm start', reason: SERVICE, test: COMMANDS },
  { page: 'docs/tutorials/first-job.md', language: 'json', test: TUTORIALS },
  { page: 'docs/tutorials/first-job.md', test: COMMAND_LINE },
  { page: 'docs/tutorials/first-template.md', language: 'json', test: TUTORIALS },
  { page: 'docs/tutorials/first-template.md', test: ON_THE_EMULATOR },
  {
    page: 'docs/tutorials/first-worker.md',
    contains: 'npm install jobtree',
    reason: 'the package is not published; the test installs it from `npm pack`',
    test: PACKAGE,
  },
  {
    page: 'docs/tutorials/first-worker.md',
    contains: 'cdk deploy',
    reason: 'asks for confirmation; the test deploys the app to an emulator',
    test: PACKAGE,
  },
  { page: 'docs/tutorials/first-worker.md', test: PACKAGE },
  { page: 'docs/how-to/call-an-http-endpoint.md', language: 'json', test: REQUESTS },
  { page: 'docs/how-to/call-an-http-endpoint.md', contains: 'cdk deploy', reason: ACCOUNT, test: COMMANDS },
  { page: 'docs/how-to/call-an-http-endpoint.md', test: ON_THE_EMULATOR },
  { page: 'docs/how-to/convert-office-documents.md', language: 'ts', test: TYPESCRIPT },
  { page: 'docs/how-to/convert-office-documents.md', language: 'json', test: REQUESTS },
  {
    page: 'docs/how-to/convert-office-documents.md',
    contains: 'apt-get',
    reason: 'installs programs on this machine',
  },
  { page: 'docs/how-to/deploy-to-aws.md', language: 'ts', test: TYPESCRIPT },
  { page: 'docs/how-to/deploy-to-aws.md', contains: 'cdk deploy', reason: ACCOUNT, test: COMMANDS },
  { page: 'docs/how-to/deploy-to-aws.md', test: ON_THE_EMULATOR },
  {
    page: 'docs/how-to/invoke-a-lambda-function.md',
    contains: 'cdk deploy',
    reason: ACCOUNT,
    test: COMMANDS,
  },
  { page: 'docs/how-to/invoke-a-lambda-function.md', contains: '"attempt"', test: FORMATS },
  { page: 'docs/how-to/invoke-a-lambda-function.md', language: 'json', test: REQUESTS },
  { page: 'docs/how-to/move-from-caf.md', contains: '<host>', reason: 'addresses to replace' },
  { page: 'docs/how-to/move-from-caf.md', language: 'json', test: REQUESTS },
  { page: 'docs/how-to/operate.md', test: ON_THE_EMULATOR },
  { page: 'docs/how-to/process-a-chunk-in-one-call.md', test: EMBED },
  { page: 'docs/how-to/read-csv-files.md', language: 'json', test: REQUESTS },
  { page: 'docs/how-to/read-csv-files.md', language: 'text', test: FORMATS },
  { page: 'docs/how-to/read-csv-files.md', test: COMMAND_LINE },
  { page: 'docs/how-to/retry-failed-items.md', test: ON_THE_EMULATOR },
  { page: 'docs/how-to/run-locally.md', contains: 'npm start', reason: SERVICE, test: COMMANDS },
  { page: 'docs/how-to/run-locally.md', contains: 'local -- up', reason: SERVICE, test: COMMANDS },
  { page: 'docs/how-to/run-locally.md', contains: 'cdk bootstrap', reason: SERVICE, test: COMMANDS },
  { page: 'docs/how-to/run-locally.md', test: ON_THE_EMULATOR },
  { page: 'docs/how-to/scan-a-folder.md', contains: 'finished/', reason: 'a list of files' },
  { page: 'docs/how-to/scan-a-folder.md', language: 'ts', test: TYPESCRIPT },
  { page: 'docs/how-to/scan-a-folder.md', contains: 'export JOBTREE_URL', test: ON_THE_EMULATOR },
  {
    page: 'docs/how-to/scan-a-folder.md',
    language: 'sh',
    reason: 'waits ten seconds; the tests of the scanner run it with a shorter interval',
    test: COMMANDS,
  },
  { page: 'docs/how-to/scan-a-folder.md', contains: '"reason"', test: FORMATS },
  { page: 'docs/how-to/scan-a-folder.md', test: REQUESTS },
  {
    page: 'docs/how-to/use-the-command-line.md',
    contains: 'jobtree login',
    reason: 'needs an issuer of tokens',
    test: COMMANDS,
  },
  { page: 'docs/how-to/use-the-command-line.md', contains: 'jobtree dev', reason: SERVICE, test: COMMANDS },
  { page: 'docs/how-to/use-the-command-line.md', contains: 'jobtree logs', test: ON_THE_EMULATOR },
  { page: 'docs/how-to/use-the-command-line.md', test: COMMAND_LINE },
  { page: 'docs/how-to/use-the-console.md', language: 'text', reason: 'an address to replace' },
  { page: 'docs/how-to/use-the-console.md', language: 'ts', test: TYPESCRIPT },
  { page: 'docs/how-to/use-the-console.md', test: ON_THE_EMULATOR },
  { page: 'docs/how-to/use-the-python-client.md', language: 'sh', test: PYTHON_CLIENT },
  { page: 'docs/how-to/use-the-python-client.md', language: 'python', test: CLIENTS },
  {
    page: 'docs/how-to/use-the-typescript-client.md',
    contains: 'npm install jobtree',
    reason: 'the package is not published; the test installs it from `npm pack`',
    test: PACKAGE,
  },
  { page: 'docs/how-to/use-the-typescript-client.md', language: 'sh', test: ON_THE_EMULATOR },
  { page: 'docs/how-to/use-the-typescript-client.md', language: 'ts', test: CLIENTS },
  { page: 'docs/how-to/write-a-splitter.md', test: TYPESCRIPT },
  { page: 'docs/reference/command-line.md', reason: 'the usage of each command', test: GENERATED },
  { page: 'docs/reference/http-api.md', language: 'json', test: REQUESTS },
  { page: 'docs/reference/http-api.md', test: ON_THE_EMULATOR },
  { page: 'docs/reference/settings.md', language: 'sh', reason: ACCOUNT, test: COMMANDS },
  { page: 'docs/reference/settings.md', language: 'ts', test: TYPESCRIPT },
  { page: 'docs/reference/templates.md', language: 'yaml', test: FORMATS },
  { page: 'docs/reference/templates.md', test: ON_THE_EMULATOR },
  { page: 'docs/reference/workers.md', language: 'ts', test: TYPESCRIPT },
  { page: 'docs/reference/workers.md', language: 'json', test: FORMATS },
];

export const ALL_BLOCKS: readonly Block[] = PAGES.flatMap(blocksOf);

function fits({ page, language, contains }: Row, block: Block): boolean {
  return (
    page === block.page &&
    (language === undefined || language === block.language) &&
    (contains === undefined || block.text.includes(contains))
  );
}

function rowOf(block: Block): Row | undefined {
  return ROWS.find((row) => fits(row, block));
}

/** Returns the blocks that a test runs or checks, in the order of the pages. */
export function blocksFor(test: string, page?: string): Block[] {
  return ALL_BLOCKS.filter((block) => rowOf(block)?.test === test && (page ?? block.page) === block.page);
}

/** Blocks for which no row states what happens to them. */
export function unlistedBlocks(): Block[] {
  return ALL_BLOCKS.filter((block) => rowOf(block) === undefined);
}

/** Rows that fit no block. */
export function unusedRows(): Row[] {
  const used = new Set(ALL_BLOCKS.map(rowOf));
  return ROWS.filter((row) => !used.has(row));
}

/** The tests that the rows name. */
export const TESTS: readonly string[] = [...new Set(ROWS.flatMap(({ test }) => test ?? []))];
