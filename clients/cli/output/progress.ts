/** Progress of a job: a bar that is updated on a terminal, and one line for each change otherwise. */
import type { Job } from '../../client/index.ts';
import type { Output } from './output.ts';
import { clip } from './table.ts';
import { duration } from './times.ts';

const CLEAR_LINE = '\r\u001b[K';
const BAR_CELLS = 24;
const DEFAULT_COLUMNS = 80;

const number = new Intl.NumberFormat('en-US');

/** Returns the state of a job in one line, without the bar. */
export function progressText(job: Job, now = Date.now()): string {
  const { found, succeeded, failed, skipped, sealed } = job.items;
  const done = succeeded + failed + skipped;
  const parts = [
    `${job.percentageComplete.toFixed(2).padStart(6)} %`,
    `${number.format(done)} of ${number.format(found)}${sealed ? '' : '+'} items`,
    failed > 0 && `${number.format(failed)} failed`,
    Boolean(job.itemsPerMinute) && `${number.format(Math.round(job.itemsPerMinute ?? 0))}/min`,
    job.estimatedEndTime !== undefined && `about ${duration(Math.max(0, job.estimatedEndTime - now))} left`,
    job.step,
    job.note,
  ];
  return parts.filter((part) => typeof part === 'string' && part !== '').join('  ');
}

export function bar(percent: number, cells = BAR_CELLS): string {
  const filled = Math.min(cells, Math.floor((percent / 100) * cells));
  return '█'.repeat(filled) + '░'.repeat(cells - filled);
}

export class JobProgress {
  readonly #output: Output;
  #shown = '';
  #isLineOpen = false;

  constructor(output: Output) {
    this.#output = output;
  }

  show(job: Job): void {
    const { stderr, isQuiet, paintNote } = this.#output;
    if (isQuiet) return;
    if (stderr.isTTY) {
      const line = `${job.status.padEnd(9)} ${bar(job.percentageComplete)} ${progressText(job)}`;
      // A line longer than the terminal would wrap, and wrapped lines cannot be overwritten.
      const text = clip(line, (stderr.columns ?? DEFAULT_COLUMNS) - 1);
      stderr.write(CLEAR_LINE + text.replace(/^\S+/, (status) => paintNote(status, 'bold')));
      this.#isLineOpen = true;
      return;
    }
    const change = JSON.stringify([job.status, job.percentageComplete, job.items, job.note]);
    if (change === this.#shown) return;
    this.#shown = change;
    stderr.write(`${job.id}  ${job.status.padEnd(9)} ${progressText(job)}\n`);
  }

  /** Ends the line on a terminal, so that later output starts on its own line. */
  end(): void {
    if (this.#isLineOpen) this.#output.stderr.write('\n');
    this.#isLineOpen = false;
  }
}
