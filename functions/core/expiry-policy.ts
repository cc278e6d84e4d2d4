/** Expiry policies of a job, one for each status, and the parsers of their times and durations. */
import type { JobStatus } from './job-status.ts';

export const EXPIRY_OPERATIONS = ['Expire', 'Delete'] as const;
export type ExpiryOperation = (typeof EXPIRY_OPERATIONS)[number];

export interface ExpiryPolicy {
  /** One of `none`, an ISO 8601 instant, `createTime+<duration>` or `lastUpdateTime+<duration>`, such as `createTime+P1D`. */
  readonly expiryTime: string;
  /** Action on a job that is not final. Final jobs are always deleted. @default Expire */
  readonly operation?: ExpiryOperation | undefined;
}

/** Policies by status name in lower case. */
export type Expiry = Readonly<Partial<Record<Lowercase<JobStatus>, ExpiryPolicy | undefined>>>;

/** Time for which final jobs are kept, unless the partition or the job specifies another. */
export const DEFAULT_RETENTION = 'P30D';

/** Time for which an Active job may make no progress, unless the stack sets another limit. */
export const DEFAULT_IDLE_LIMIT = 'P7D';
export const IDLE_LIMIT_RULE = 'none, or an ISO 8601 duration such as P7D or PT12H';

export function isIdleLimit(text: string): boolean {
  const duration = parseDuration(text);
  return text === 'none' || (duration !== undefined && addDuration(0, duration) > 0);
}

/** A calendar duration. The length of a month depends on its start. */
interface Duration {
  readonly months: number;
  readonly days: number;
  readonly seconds: number;
}

type ExpiryTime =
  | { readonly kind: 'none' }
  | { readonly kind: 'instant'; readonly time: number }
  | { readonly kind: 'after'; readonly start: 'createTime' | 'lastUpdateTime'; readonly duration: Duration };

const DURATION =
  /^P(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9})S)?)?$/;
const LEAP_YEAR = '(\\d\\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)';
/** Matches only dates that exist: no February 30. */
const DATE = [
  '\\d{4}-(0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])',
  '\\d{4}-(0[469]|11)-(0[1-9]|[12]\\d|30)',
  '\\d{4}-02-(0[1-9]|1\\d|2[0-8])',
  `${LEAP_YEAR}-02-29`,
].join('|');
const TIME = '([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d{1,9})?)?';
const ZONE = '(Z|[+-]([01]\\d|2[0-3]):?[0-5]\\d)';
const INSTANT_TEXT = `(${DATE})T${TIME}${ZONE}`;
const INSTANT = new RegExp(`^${INSTANT_TEXT}$`);

/** Like `DURATION`, but requires a number after P and after T, because JSON Schema has only the pattern. */
const DATE_PART = '(\\d{1,6}Y(\\d{1,6}M)?(\\d{1,6}D)?|\\d{1,6}M(\\d{1,6}D)?|\\d{1,6}D)';
const TIME_PART = 'T(\\d{1,6}H(\\d{1,6}M)?(\\d{1,9}S)?|\\d{1,6}M(\\d{1,9}S)?|\\d{1,9}S)';
const DURATION_TEXT = `P(${DATE_PART}(${TIME_PART})?|${TIME_PART})`;

/** Pattern for JSON Schema. A retention also has a maximum length, which the pattern does not check. */
export const RETENTION_PATTERN = `^${DURATION_TEXT}$`;
export const EXPIRY_TIME_PATTERN = `^(none|(createTime|lastUpdateTime)\\+${DURATION_TEXT}|${INSTANT_TEXT})$`;

const DURATION_RULE =
  'an ISO 8601 duration with Y, M, D, H, M, S in this order (no weeks, no fractions), such as P30D or P1DT2H';
export const EXPIRY_TIME_RULE = `none, an ISO 8601 instant with time zone, or createTime+ or lastUpdateTime+ followed by ${DURATION_RULE}`;

export function parseDuration(text: string): Duration | undefined {
  const match = DURATION.exec(text);
  // P and T must each be followed by a number.
  if (match === null || /[PT]$/.test(text)) return undefined;
  const [years = 0, months = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map((digits) => Number(digits ?? 0));
  return { months: 12 * years + months, days, seconds: 3_600 * hours + 60 * minutes + seconds };
}

/** Maximum time for which a partition may keep final jobs. */
const MAX_RETENTION = 'P10Y';
export const RETENTION_RULE = `${DURATION_RULE}; at most 10 years`;

export function isRetention(text: string): boolean {
  const [duration, maximum] = [text, MAX_RETENTION].map(parseDuration);
  if (duration === undefined || maximum === undefined) return false;
  return addDuration(0, duration) <= addDuration(0, maximum);
}

export function parseExpiryTime(text: string): ExpiryTime | undefined {
  if (text === 'none') return { kind: 'none' };
  if (INSTANT.test(text)) {
    const time = Date.parse(text);
    return Number.isNaN(time) ? undefined : { kind: 'instant', time };
  }
  const [, start, durationText = ''] = /^(createTime|lastUpdateTime)\+(P.*)$/.exec(text) ?? [];
  const duration = parseDuration(durationText);
  if (duration === undefined) return undefined;
  return { kind: 'after', start: start === 'createTime' ? 'createTime' : 'lastUpdateTime', duration };
}

export function isExpiryTime(text: string): boolean {
  return parseExpiryTime(text) !== undefined;
}

/** The latest time that a `Date` can represent. */
const LAST_TIME = 8.64e15;

/** Adds a duration in UTC. If the resulting month is too short for the day, uses its last day: January 31 + P1M is February 28. */
export function addDuration(time: number, { months, days, seconds }: Duration): number {
  const date = new Date(time);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, lastDay));
  const sum = date.getTime() + (86_400 * days + seconds) * 1_000;
  return Number.isNaN(sum) ? LAST_TIME : Math.min(sum, LAST_TIME);
}
