/** Numbers, durations and sizes as people read them, in one format for all pages. */

const COUNT = new Intl.NumberFormat('en');
const RATE = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const DATE = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });
const DOLLARS = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD' });
const CENTS = new Intl.NumberFormat('en', {
  style: 'currency',
  currency: 'USD',
  maximumSignificantDigits: 3,
});

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function formatCount(count: number): string {
  return COUNT.format(count);
}

/** "1 job", "2,000 jobs". */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

export function formatRate(perMinute: number): string {
  return perMinute >= 100 ? COUNT.format(Math.round(perMinute)) : RATE.format(perMinute);
}

export function formatDollars(dollars: number): string {
  return dollars > 0 && dollars < 1 ? CENTS.format(dollars) : DOLLARS.format(dollars);
}

/** The two largest units: "3 min 12 s", "2 d 4 h". */
export function formatDuration(millis: number): string {
  if (millis < SECOND) return `${Math.max(0, Math.round(millis))} ms`;
  if (millis < MINUTE)
    return `${RATE.format(millis < 10 * SECOND ? millis / SECOND : Math.floor(millis / SECOND))} s`;
  if (millis < HOUR) return pair(millis, MINUTE, 'min', SECOND, 's');
  if (millis < DAY) return pair(millis, HOUR, 'h', MINUTE, 'min');
  return pair(millis, DAY, 'd', HOUR, 'h');
}

function pair(millis: number, large: number, largeName: string, small: number, smallName: string): string {
  const first = Math.floor(millis / large);
  const second = Math.floor((millis % large) / small);
  return second === 0 ? `${first} ${largeName}` : `${first} ${largeName} ${second} ${smallName}`;
}

/** "12 s ago", "in 3 min": the largest unit only. */
export function formatRelative(time: number, now: number): string {
  const distance = Math.abs(now - time);
  if (distance < 5 * SECOND) return 'now';
  const text = largestUnit(distance);
  return time <= now ? `${text} ago` : `in ${text}`;
}

function largestUnit(millis: number): string {
  if (millis < MINUTE) return `${Math.floor(millis / SECOND)} s`;
  if (millis < HOUR) return `${Math.floor(millis / MINUTE)} min`;
  if (millis < DAY) return `${Math.floor(millis / HOUR)} h`;
  return `${Math.floor(millis / DAY)} d`;
}

export function formatTime(time: number): string {
  return DATE.format(time);
}

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'];

export function formatBytes(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? COUNT.format(value) : RATE.format(value)} ${UNITS[unit]}`;
}
