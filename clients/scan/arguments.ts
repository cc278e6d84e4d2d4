/** Parses and checks the arguments of `npm run scan --`. */
import { parseArgs } from 'node:util';
import { idProblem } from '#contract/ids.ts';
import { DEFAULT_LIMITS, type ScanLimits } from '../../functions/scan-sources/scan.ts';

export interface ScanArguments {
  readonly folder: string;
  readonly partition: string;
  /** URL of the API, without a trailing slash. */
  readonly url: string;
  readonly token: string;
  readonly once: boolean;
  readonly intervalMillis: number;
  readonly limits: ScanLimits;
}

export const USAGE = `npm run scan -- DIR --partition p [--url URL] [--token TOKEN] [--once] [--interval 5]
  [--high 100] [--low 50] [--jobs-per-interval 20] [--max-items 10000]
URL and TOKEN default to the variables JOBTREE_URL and JOBTREE_TOKEN (docs/how-to/scan-a-folder.md).`;

/** Thrown when an argument is invalid. The command prints the message without a stack trace. */
export class InvalidArguments extends Error {
  override readonly name = 'WrongArguments';
}

const OPTIONS = {
  partition: { type: 'string' },
  url: { type: 'string' },
  token: { type: 'string' },
  once: { type: 'boolean', default: false },
  interval: { type: 'string', default: '5' },
  high: { type: 'string', default: String(DEFAULT_LIMITS.high) },
  low: { type: 'string' },
  'jobs-per-interval': { type: 'string', default: String(DEFAULT_LIMITS.jobsPerScan) },
  'max-items': { type: 'string', default: String(DEFAULT_LIMITS.maxItems) },
} as const;

const MAX_INTERVAL_SECONDS = 3600;
const MAX_LIMIT = 1_000_000;

export function scanArguments(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ScanArguments {
  const { values, positionals } = parse(args);
  const [folder, extraFolder] = positionals;
  if (folder === undefined || extraFolder !== undefined) {
    throw new InvalidArguments(`one folder is expected, got ${positionals.length}`);
  }
  const { partition = '' } = values;
  const problem = idProblem('partition', partition);
  if (problem !== undefined) throw new InvalidArguments(`--partition: ${problem}`);
  const high = wholeNumber('high', values.high, 1);
  const low = wholeNumber('low', values.low ?? String(Math.min(DEFAULT_LIMITS.low, Math.floor(high / 2))), 0);
  if (low >= high) throw new InvalidArguments(`--low is ${low}; it must be below --high, which is ${high}`);
  return {
    folder,
    partition,
    url: urlOf(values.url ?? environment['JOBTREE_URL']),
    token: tokenOf(values.token ?? environment['JOBTREE_TOKEN']),
    once: values.once,
    intervalMillis: secondsOf(values.interval) * 1000,
    limits: {
      high,
      low,
      jobsPerScan: wholeNumber('jobs-per-interval', values['jobs-per-interval'], 1),
      maxItems: wholeNumber('max-items', values['max-items'], 1),
    },
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new InvalidArguments(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function wholeNumber(name: string, text: string, minimum: number): number {
  const value = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= minimum && value <= MAX_LIMIT) return value;
  throw new InvalidArguments(
    `--${name} is '${text}'; a whole number from ${minimum} to ${MAX_LIMIT} is expected`,
  );
}

function secondsOf(text: string): number {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (seconds > 0 && seconds <= MAX_INTERVAL_SECONDS) return seconds;
  throw new InvalidArguments(
    `--interval is '${text}'; a number of seconds up to ${MAX_INTERVAL_SECONDS} is expected`,
  );
}

function urlOf(text: string | undefined): string {
  const { protocol = '' } = URL.parse(text ?? '') ?? {};
  if (text !== undefined && ['http:', 'https:'].includes(protocol)) return text.replace(/\/+$/, '');
  throw new InvalidArguments(
    `--url is '${text ?? ''}'; use the URL of the API; for an emulator, npm run local -- url prints it`,
  );
}

function tokenOf(text: string | undefined): string {
  if (text !== undefined && /^[\w.~+/=-]+$/.test(text)) return text;
  throw new InvalidArguments(
    `--token ${text ? 'is not a valid token' : 'is missing'}; use a token with the role operator; for an emulator, npm run local -- token prints one`,
  );
}
