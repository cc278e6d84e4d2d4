/** Checks the commands of the documentation that no test runs: scripts, options and values exist. */
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../../clients/cli/program.ts';
import { functionsFromContext, secretsFromContext, splitList } from '../../lib/allowed-by-name.ts';
import { rateLimitsFromContext } from '../../lib/rate-limits.ts';
import packageFile from '../../package.json' with { type: 'json' };
import type { Block } from './samples/blocks.ts';
import { blocksFor, COMMANDS } from './samples/inventory.ts';

const scripts: Readonly<Record<string, string>> = packageFile.scripts;
const program = createProgram('');
const textOf = (file: string) => readFileSync(file, 'utf8');
/** Programs of others, whose arguments are not checked. */
const FOREIGN = [/^npx cdk bootstrap$/, /^npm pack$/];

/** Parsers of `-c name=value`; the app reads the other values as they are. */
const CONTEXT: Readonly<Record<string, (value: string) => unknown>> = {
  httpSecrets: secretsFromContext,
  invokableFunctions: functionsFromContext,
  rateLimits: (value) => rateLimitsFromContext(splitList(value)),
};

/** The commands of a block, without comments and variables. */
function commandsOf({ text }: Block): string[] {
  return text
    .replaceAll('\\\n', ' ')
    .split(/\n| && /)
    .map((line) => line.replace(/(^|\s)#.*$/, '').replaceAll(/(?:^export )?\b[A-Z_0-9]+=\S+ ?/g, ''))
    .map((line) => line.trim().replaceAll(/\s+/g, ' '))
    .filter((line) => line !== '');
}

const wordsOf = (command: string) =>
  (command.match(/(?:'[^']*'|[^\s'])+/g) ?? []).map((word) => word.replaceAll("'", ''));

/** Returns the options that a text of source does not name. */
function unknownOptions(words: readonly string[], source: string): string[] {
  return words
    .filter((word) => word.startsWith('--') && word !== '--')
    .filter((word) => !new RegExp(`(?<![\\w-])${word.slice(2)}\\b`).test(source));
}

function faultsOfJobtree([name = '', ...words]: readonly string[]): string[] {
  const command = program.commands.find((candidate) => candidate.name() === name);
  if (command === undefined) return [`no command ${name}`];
  const flags = [...program.options, ...command.options].flatMap(({ long, short }) => [long, short]);
  return words.filter((word) => word.startsWith('-') && !flags.includes(word));
}

function faultsOfTests(words: readonly string[]): string[] {
  const files = globSync('test/**/*.test.ts');
  return words
    .filter((word) => !word.startsWith('-'))
    .filter((word) => !files.some((file) => file.includes(word)));
}

function faultsOfDeploy(words: readonly string[]): string[] {
  const app = textOf('bin/job-service.ts') + textOf('lib/token-issuer.ts');
  return words.flatMap((word, index) => {
    if (words[index - 1] !== '-c') return [];
    const [name = '', value = ''] = word.split(/=(.*)/s);
    if (!app.includes(`'${name}'`)) return [`no setting ${name}`];
    CONTEXT[name]?.(value);
    return [];
  });
}

/** Returns what is wrong with a command. Throws for a value that the app refuses. */
function faultsOf(command: string): string[] {
  if (FOREIGN.some((pattern) => pattern.test(command))) return [];
  const [first = '', second = '', ...rest] = wordsOf(command);
  const isVerb = (...names: string[]) => names.includes(`${first} ${second}`);
  if (isVerb('npm start')) return faultsOfJobtree(['dev', ...rest.slice(1)]);
  if (isVerb('npm test')) return faultsOfTests(rest);
  if (isVerb('npx jobtree')) return faultsOfJobtree(rest);
  if (first === 'jobtree') return faultsOfJobtree([second, ...rest]);
  if (isVerb('npx cdk')) return faultsOfDeploy(rest);
  if (isVerb('npx vitest')) return unknownProjects(command);
  if (!isVerb('npm run')) return [`no check of '${command}'`];
  const [name = '', ...args] = rest;
  const script = scripts[name];
  if (script === undefined) return [`no script ${name}`];
  const source = script.split(' ').find((word) => word !== 'localstack/bootstrap.mjs' && /\.ts$/.test(word));
  const folder = source?.replace(/[^/]+$/, '') ?? '';
  const sources = globSync(`${folder}*.ts`).map(textOf).join('\n');
  const names = name === 'local' ? args.filter((word) => /^\w+$/.test(word)).slice(0, 1) : [];
  return [
    ...unknownOptions(args, sources),
    ...names.filter((word) => !sources.includes(`\n  ${word}: `)).map((word) => `no command ${word}`),
  ];
}

function unknownProjects(command: string): string[] {
  const [, project] = /--project '([^']+)'/.exec(command) ?? [];
  const isKnown = project === undefined || textOf('vitest.config.ts').includes(`name: '${project}'`);
  return [...(isKnown ? [] : [`no project ${project}`]), ...faultsOfFiles(wordsOf(command).slice(3))];
}

const faultsOfFiles = (words: readonly string[]) =>
  faultsOfTests(words.filter((word) => word.endsWith('.ts')));

const commands = blocksFor(COMMANDS).flatMap((block) =>
  commandsOf(block).map((command) => [`${block.page}:${block.line}`, command] as const),
);

test.each(commands)('%s: %s', (_location, command) => {
  expect(faultsOf(command)).toEqual([]);
});

describe('the check finds', () => {
  test.each([
    ['npm run nothing', 'no script nothing'],
    ['npm run local -- nothing', 'no command nothing'],
    ['npm run simulate -- --sed 5', '--sed'],
    ['npm test -- no-such-test', 'no-such-test'],
    ['npm start -- --twice', '--twice'],
    ['jobtree login https://a.test --isuer x', '--isuer'],
    ['npx cdk deploy -c readBucket=x', 'no setting readBucket'],
    ["npx vitest run --project 'on paper'", 'no project on paper'],
  ])('%s', (command, fault) => {
    expect(faultsOf(command)).toEqual([fault]);
  });

  test('a value that the app refuses', () => {
    expect(() => faultsOf('npx cdk deploy -c rateLimits=p1@fast')).toThrow("rateLimits has 'p1@fast'");
  });
});
