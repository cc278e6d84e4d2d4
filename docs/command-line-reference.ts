/** Writes the reference of the command line from the definitions of its commands. */
import type { Argument, Command, Option } from 'commander';
import { createProgram } from '../clients/cli/program.ts';

const OPENING = `# Command line

After this page you know every command, option and exit code of \`jobtree\`. [Use the command line](../how-to/use-the-command-line.md) shows
them at work. This page is generated from the definitions of the commands.

## Output

Data is printed on stdout; progress, notes and errors on stderr. On a terminal, lists are tables with local times. For other programs,
each entry is one line: its columns are separated by tabs, and times have their offset.

| option | output |
|---|---|
| \`--json\` | JSON: the view of the API, or an array of them |
| \`--ndjson\` | one line of JSON for each entry |
| \`--quiet\` | no progress and no notes |
| \`--no-color\`, \`NO_COLOR\` | no colours |

## Exit codes

| code | meaning |
|---|---|
| 0 | success; a watched job completed without failed items |
| 1 | a watched job failed, expired, or has failed items; or the command failed |
| 2 | wrong usage, or a request that the API refuses as invalid |
| 3 | a watched job was cancelled |
| 4 | the job, item or other resource does not exist |
| 5 | the token is missing, invalid, or its role does not allow this |
| 124 | the time of \`--timeout\` has passed; the job continues |
| 130 | Ctrl-C; the job continues |

## Environment

| variable | meaning |
|---|---|
| \`JOBTREE_URL\` | base URL of the API, including the stage |
| \`JOBTREE_TOKEN\` | token |
| \`JOBTREE_PARTITION\` | partition of the jobs |
| \`JOBTREE_PROFILE\` | profile to use |
| \`JOBTREE_CONFIG_DIR\` | folder of profiles and credentials (default \`~/.config/jobtree\`) |
| \`JOBTREE_DEBUG\` | if set, errors have a stack trace |
| \`BROWSER\` | program that opens addresses; empty for none |

Options take precedence over variables, and variables over the profile.

## Options of all commands
`;

/** Returns the page. */
export function commandLineReference(): string {
  const program = createProgram('');
  const commands = program.commands.flatMap((command) => [command, ...command.commands]);
  return `${[OPENING, optionTable(program.options), '', ...commands.map(section)].join('\n').trimEnd()}\n`;
}

function section(command: Command): string {
  const name = pathOf(command);
  const usage = [
    `jobtree ${name}`,
    ...command.registeredArguments.map(argumentText),
    command.options.length > 0 && '[options]',
  ];
  const described = command.registeredArguments.filter(({ description }) => description !== '');
  return [
    `## jobtree ${name}`,
    '',
    sentence(command.description() || command.summary()),
    '',
    '```text',
    usage.filter(Boolean).join(' '),
    '```',
    '',
    ...(described.length === 0 ? [] : [argumentTable(described), '']),
    ...(command.options.length === 0 ? [] : [optionTable(command.options), '']),
  ].join('\n');
}

function pathOf(command: Command): string {
  const { parent } = command;
  return parent === null || parent.parent === null ? command.name() : `${parent.name()} ${command.name()}`;
}

function argumentText(argument: Argument): string {
  const name = argument.variadic ? `${argument.name()}...` : argument.name();
  return argument.required ? `<${name}>` : `[${name}]`;
}

function argumentTable(args: readonly Argument[]): string {
  return table(
    'argument',
    args.map((argument) => [argument.name(), argument.description]),
  );
}

function optionTable(options: readonly Option[]): string {
  return table(
    'option',
    options.map((option) => [
      option.flags,
      [option.description, ...extras(option)].filter(Boolean).join('; '),
    ]),
  );
}

function extras({ argChoices, defaultValue }: Option): string[] {
  const isShown = defaultValue !== undefined && typeof defaultValue !== 'boolean';
  return [
    ...(argChoices ? [argChoices.join(', ')] : []),
    ...(isShown ? [`default \`${defaultValue}\``] : []),
  ];
}

function table(title: string, rows: readonly (readonly [string, string])[]): string {
  const lines = rows.map(
    ([name, text]) => `| \`${name.replaceAll('|', '\\|')}\` | ${text.replaceAll('|', '\\|')} |`,
  );
  return [`| ${title} | meaning |`, '|---|---|', ...lines].join('\n');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') || text.endsWith('fish') ? '' : '.'}`;
}
