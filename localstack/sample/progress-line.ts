import type { FollowedJob } from './job-api.ts';

/** Output of the progress: on a terminal, one line that is updated; otherwise one line per change. */
export interface LineOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const CLEAR_LINE = '\r\u001b[K';

/** Returns the state of a running job in one line: percent, items, rate, failures, time left. */
export function progressText(job: FollowedJob, now: number, startedAt: number): string {
  const { found, succeeded, failed } = job.items;
  const doneItems = succeeded + failed;
  const elapsedSeconds = Math.max((now - startedAt) / 1000, 0.001);
  const parts = [
    `${job.percentageComplete.toFixed(2).padStart(6)} %`,
    `${doneItems} of ${found} items`,
    `${(doneItems / elapsedSeconds).toFixed(1)}/s`,
    `${failed} failed`,
    timeLeft(job, now),
  ];
  return `${job.status.padEnd(9)} ${parts.filter(Boolean).join('  ')}`;
}

function timeLeft({ estimatedEndTime }: FollowedJob, now: number): string {
  if (estimatedEndTime === undefined) return '';
  return `about ${Math.max(0, Math.ceil((estimatedEndTime - now) / 1000))} s left`;
}

/** Shows the progress of one job. */
export class ProgressLine {
  readonly #output: LineOutput;
  readonly #startedAt: number;
  #lastText = '';

  constructor(output: LineOutput, startedAt: number) {
    this.#output = output;
    this.#startedAt = startedAt;
  }

  show(job: FollowedJob, now: number): void {
    const text = progressText(job, now, this.#startedAt);
    if (this.#output.isTTY) {
      // A line longer than the terminal would wrap, and wrapped lines cannot be overwritten.
      this.#output.write(CLEAR_LINE + text.slice(0, (this.#output.columns ?? 80) - 1));
      return;
    }
    const change = JSON.stringify([job.status, job.percentageComplete, job.items]);
    if (change === this.#lastText) return;
    this.#lastText = change;
    this.#output.write(`${text}\n`);
  }

  end(): void {
    if (this.#output.isTTY) this.#output.write('\n');
  }
}
