/** Times and durations as people read and write them. */
import { usageError } from '../errors.ts';

const SECOND = 1000;
const UNITS = {
  s: SECOND,
  m: 60 * SECOND,
  h: 3600 * SECOND,
  d: 86_400 * SECOND,
  w: 7 * 86_400 * SECOND,
} as const;

/** Returns a local time such as `2026-11-27 09:30:12`. */
export function localTime(millis: number): string {
  const time = new Date(millis);
  const date = [time.getFullYear(), time.getMonth() + 1, time.getDate()].map(twoDigits).join('-');
  return `${date} ${[time.getHours(), time.getMinutes(), time.getSeconds()].map(twoDigits).join(':')}`;
}

/** Returns a local time with its offset, for other programs: `2026-11-27T09:30:12+01:00`. */
export function isoLocalTime(millis: number): string {
  const offset = -new Date(millis).getTimezoneOffset();
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map(twoDigits);
  return `${localTime(millis).replace(' ', 'T')}${offset < 0 ? '-' : '+'}${hours}:${minutes}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** Returns a time relative to now, such as `5 min ago`. */
export function age(millis: number, now = Date.now()): string {
  const passed = now - millis;
  return passed < 0 ? `in ${duration(-passed)}` : `${duration(passed)} ago`;
}

/** Returns a duration in its largest unit: `12 s`, `5 min`, `3 h`, `2 d`. */
export function duration(millis: number): string {
  if (millis < 90 * SECOND) return `${Math.round(millis / SECOND)} s`;
  if (millis < 90 * UNITS.m) return `${Math.round(millis / UNITS.m)} min`;
  return millis < 36 * UNITS.h ? `${Math.round(millis / UNITS.h)} h` : `${Math.round(millis / UNITS.d)} d`;
}

/** Parses `90s`, `15m`, `2h`, `1d` or `1w`. Throws a usage error for anything else. */
export function parseDuration(text: string, option: string): number {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)(s|m|h|d|w)?$/.exec(text) ?? [];
  if (amount === undefined) {
    throw usageError(`${option} is '${text}'`, 'Use a duration such as 30s, 15m, 2h or 1d.');
  }
  return Number(amount) * UNITS[unit as keyof typeof UNITS];
}

/** Parses a duration before now, or a date. Returns milliseconds since 1970. */
export function parseSince(text: string, option: string, now = Date.now()): number {
  if (/^\d+(\.\d+)?[smhdw]$/.test(text)) return Math.floor(now - parseDuration(text, option));
  const time = Date.parse(text);
  if (Number.isFinite(time)) return time;
  throw usageError(
    `${option} is '${text}'`,
    'Use a duration such as 1d or 30m, or a date such as 2026-11-27.',
  );
}
