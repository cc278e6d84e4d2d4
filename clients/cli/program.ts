/** The definition of the command: arguments, options and help of each subcommand. */
import { Command } from 'commander';
import { defineControl } from './definitions/control.ts';
import { defineReading, defineRun } from './definitions/jobs.ts';
import { defineDevelopment, defineService } from './definitions/service.ts';
import { defineSetup } from './definitions/setup.ts';

const FOOTER = `
Environment: JOBTREE_URL, JOBTREE_TOKEN, JOBTREE_PARTITION, JOBTREE_PROFILE, JOBTREE_CONFIG_DIR, NO_COLOR
Exit codes:  0 completed · 1 failed, or failed items · 2 wrong usage · 3 cancelled · 4 not found · 5 not allowed · 124 timeout`;

export function createProgram(version: string): Command {
  const program = new Command('jobtree')
    .description('Create, watch and repair batch jobs.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show the help of a command')
    .option('--profile <name>', 'profile to use (default: the current one)')
    .option('--url <url>', 'base URL of the API, including the stage')
    .option('--token-file <file>', 'file with a token, "-" for stdin')
    .option('-p, --partition <id>', 'partition of the jobs')
    .option('--json', 'print JSON')
    .option('--ndjson', 'print one line of JSON for each entry')
    .option('--no-color', 'print without colours')
    .option('-q, --quiet', 'print no progress and no notes')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('Run the command with --help to see its arguments.')
    .addHelpText('after', FOOTER);
  program.commandsGroup('Jobs:');
  defineRun(program);
  defineReading(program);
  program.commandsGroup('Change jobs:');
  defineControl(program);
  program.commandsGroup('Service:');
  defineService(program);
  program.commandsGroup('Development:');
  defineDevelopment(program);
  program.commandsGroup('Setup:');
  defineSetup(program);
  return program;
}
