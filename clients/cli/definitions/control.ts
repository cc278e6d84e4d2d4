/** Commands that change jobs: the named ones, or all that match. */
import type { Command } from 'commander';
import { lazily } from '../lazily.ts';
import { repeated } from './values.ts';

const SELECTION =
  'Name the jobs, or select them with --filter, --label, --starts-with or --all. The command then counts them and asks before it acts; --yes skips the question.';

function selecting(program: Command, name: string, summary: string, details: string): Command {
  return program
    .command(name)
    .argument('[jobs...]', 'ids of jobs')
    .summary(summary)
    .description(`${details} ${SELECTION}`)
    .option('--filter <rsql>', 'all jobs that match an RSQL expression')
    .option('-l, --label <key>', 'all jobs with this label (repeatable)', repeated)
    .option('--starts-with <text>', 'all jobs whose id starts with this')
    .option('--all', 'all jobs of the partition')
    .option('--dry-run', 'only count the jobs')
    .option('-y, --yes', 'do not ask');
}

export function defineControl(program: Command): void {
  selecting(
    program,
    'retry',
    'run failed items again',
    'Retries the failed items of jobs. Successful outcomes are kept. For a named job, items can be selected and their payload patched.',
  )
    .option('--code <code>', 'only failures with this code (repeatable)', repeated)
    .option('--item <id>', 'only this item (repeatable)', repeated)
    .option('--patch <json>', 'JSON merge patch for the payload; @FILE reads it from a file')
    .option('--dependents', 'also start the jobs again that failed because of this one')
    .option('-w, --watch', 'follow the job to its end')
    .option('--timeout <duration>', 'stop watching after this time, such as 10m')
    .action(lazily(async () => (await import('../commands/retry.ts')).run));
  for (const [name, summary, details] of [
    ['cancel', 'cancel jobs', 'Cancels jobs that are not final.'],
    ['pause', 'pause jobs', 'Pauses jobs. Work that has started may finish; the rest is held.'],
    ['resume', 'resume paused jobs', 'Resumes paused jobs, and starts jobs that were created with --hold.'],
    ['delete', 'delete jobs with all their data', 'Deletes jobs in any status with all their data.'],
  ] as const) {
    selecting(program, name, summary, details).action(
      lazily(async () => (await import('../commands/control.ts')).runVerb(name)),
    );
  }
  selecting(
    program,
    'resubmit',
    'create new jobs from the requests of final jobs',
    'Creates a new job from the captured request of each job.',
  )
    .option('--id <id>', 'id of the new job, if one job is named')
    .option('-w, --watch', 'follow the new job to its end')
    .option('--timeout <duration>', 'stop watching after this time, such as 10m')
    .action(lazily(async () => (await import('../commands/resubmit.ts')).run));
}
