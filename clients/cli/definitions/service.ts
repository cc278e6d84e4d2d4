/** Commands about the service, local running and your own code. */
import type { Command } from 'commander';
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
      'Creates a job from each request file of a folder, and moves the file to processed/ or error/. It continues until Ctrl-C, or ends with --once when no file is left.',
    )
    .option('--once', 'end when no request file is left')
    .option('--interval <seconds>', 'time between two scans', '5')
    .option('--high <number>', 'number of unfinished jobs at which scanning pauses', wholeNumber(1))
    .option('--low <number>', 'number of unfinished jobs at which it continues', wholeNumber(0))
    .option('--jobs-per-interval <number>', 'jobs created in one scan', wholeNumber(1))
    .option('--max-items <number>', 'items in one request', wholeNumber(1))
    .action(lazily(async () => (await import('../commands/scan.ts')).run));
}
