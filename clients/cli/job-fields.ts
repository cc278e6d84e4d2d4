/** A job as the lines of a detail view. */
import type { Job } from '../client/index.ts';
import type { Field, Output } from './output/output.ts';
import { age, duration } from './output/times.ts';

const MAX_FAILURES = 5;
const MAX_SLOWEST = 3;
const TEN_SECONDS = 10_000;
const number = new Intl.NumberFormat('en-US');

export function itemsText({ found, succeeded, failed, skipped, sealed }: Job['items']): string {
  const left = Math.max(0, found - succeeded - failed - skipped);
  const parts = [
    `${number.format(succeeded)} ok`,
    failed > 0 && `${number.format(failed)} failed`,
    skipped > 0 && `${number.format(skipped)} skipped`,
    left > 0 && `${number.format(left)} left`,
    !sealed && 'more may be found',
  ];
  return parts.filter(Boolean).join(' · ');
}

export function jobFields(job: Job, output: Output): Field[] {
  const time = (millis: number | undefined) =>
    millis !== undefined && output.isForPeople
      ? `${output.time(millis)} (${age(millis)})`
      : output.time(millis);
  const { startTime, endTime } = job;
  return [
    ['id', job.id],
    ['name', job.name],
    ['status', job.status],
    ['progress', `${job.percentageComplete.toFixed(2)} %`],
    ['items', itemsText(job.items)],
    ['rate', job.itemsPerMinute && `${number.format(Math.round(job.itemsPerMinute))} items/min`],
    ['step', job.step],
    ['note', job.note],
    ['attention', attentionText(job)],
    ['slowest', slowestText(job)],
    ['waiting for', job.waitingFor.join(', ')],
    ['template', job.template],
    ['type', job.type],
    ['priority', job.priority],
    ['labels', labelsText(job.labels)],
    ['created', `${time(job.createTime)} by ${job.createdBy}`],
    ['started', time(startTime)],
    ['ended', time(endTime)],
    ['took', startTime && endTime && duration(endTime - startTime)],
    ['estimated end', time(job.estimatedEndTime)],
    ['expires', time(job.expiresAt)],
    ...job.failures
      .slice(0, MAX_FAILURES)
      .map(({ failureSource, failureMessage }): Field => ['failure', `${failureSource}: ${failureMessage}`]),
  ];
}

export function labelsText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => (value === '' ? key : `${key}=${value}`))
    .join(' ');
}

/** Returns the slowest chunks of the run: "3.17 (65 s), 4.2 (1.3 s)". */
function slowestText({ slowest = [] }: Job): string {
  return slowest
    .slice(0, MAX_SLOWEST)
    .map(
      ({ path, millis }) =>
        `${path} (${millis < TEN_SECONDS ? `${(millis / 1000).toFixed(1)} s` : duration(millis)})`,
    )
    .join(', ');
}

/** Returns the reasons for which work of the job is delayed. */
function attentionText({ attention }: Job): string {
  if (attention === undefined) return '';
  const { retrying, held, waitingForSlot, waitingForPrerequisite, longestSince } = attention;
  const parts = [
    retrying && `${number.format(retrying)} tasks retried`,
    held && `${number.format(held)} tasks held`,
    waitingForSlot && 'waits for a slot',
    waitingForPrerequisite && `waits for ${waitingForPrerequisite} prerequisites`,
    longestSince && `the longest since ${age(longestSince)}`,
  ];
  return parts.filter(Boolean).join(', ');
}
