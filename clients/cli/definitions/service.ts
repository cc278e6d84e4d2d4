/** Commands about the service, local running and your own code. */
import { Argument, type Command } from 'commander';
import { lazily } from '../lazily.ts';
import { wholeNumber } from './values.ts';

export function defineService(program: Command): void {
  for (const [name, what] of [
    ['templates', 'templates'],
    ['types', 'job types'],
    ['workers', 'workers'],
    ['splitters', 'splitters'],
  ] as const) {
    program
      .command(name)
      .argument('[name]', 'show this one, with its schema')
      .summary(`list the ${what}, or show one`)
      .action(lazily(async () => (await import('../commands/registry.ts')).runOf(name)));
  }
  program
    .command('scan')
    .argument('<dir>', 'folder with request files in XML or JSON')
    .summary('create a job from each request file of a folder')
    .description(
      'Creates a job from each request file of a folder, and moves the file to finished/ or error/. It continues until Ctrl-C, or ends with --once when no file is left.',
    )
    .option('--once', 'end when no request file is left')
    .option('--interval <seconds>', 'time between two scans', '5')
    .option('--high <number>', 'number of unfinished jobs at which scanning pauses', wholeNumber(1))
    .option('--low <number>', 'number of unfinished jobs at which it continues', wholeNumber(0))
    .option('--jobs-per-interval <number>', 'jobs created in one scan', wholeNumber(1))
    .option('--max-items <number>', 'items in one request', wholeNumber(1))
    .action(lazily(async () => (await import('../commands/scan.ts')).run));
}

export function defineDevelopment(program: Command): void {
  program
    .command('dev')
    .summary('run the service on this machine')
    .description(
      'Starts an emulator of AWS, deploys the CDK app of this folder (cdk.json) or else the default stack, stores the profile "local", and runs until Ctrl-C. It needs Python 3.10 or newer, but no AWS account.',
    )
    .option('--stack <name>', 'stack with the job service (default: the only one)')
    .option(
      '--port <number>',
      'port of the emulator (default: JOBTREE_PORT, else 4566)',
      wholeNumber(1, 65_535),
    )
    .option('--no-sample', 'in the repository: do not run the sample jobs')
    .option('--no-open', 'do not open the console in the browser')
    .option(
      '--once',
      'end after the deployment and the sample jobs; the exit code is 1 if a sample job went wrong',
    )
    .action(lazily(async () => (await import('../commands/dev.ts')).run));
  program
    .command('init')
    .addArgument(new Argument('<kind>').choices(['worker', 'splitter', 'template']))
    .argument('<name>', 'such as shout or resize-image')
    .summary('create the files of a worker, splitter or template')
    .description(
      'Creates the source of a worker or splitter with its schema and a unit test, or of a template. Prints the lines that add it to the stack.',
    )
    .option('--dir <dir>', 'folder of the CDK app', '.')
    .option('--force', 'replace existing files')
    .action(lazily(async () => (await import('../commands/init.ts')).run));
}
